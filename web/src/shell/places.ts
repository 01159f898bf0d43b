/** The pages of the main navigation, in their order. Storage is for administrators: the server refuses everybody else. */
import type { Me } from '@vedette/shared/user.ts'
import { Cctv, ChartNoAxesGantt, HardDrive, LayoutGrid } from 'lucide-react'

export const places = [
  { to: '/live', name: 'live', Icon: LayoutGrid, adminOnly: false },
  { to: '/timeline', name: 'timeline', Icon: ChartNoAxesGantt, adminOnly: false },
  { to: '/cameras', name: 'cameras', Icon: Cctv, adminOnly: false },
  { to: '/storage', name: 'storage', Icon: HardDrive, adminOnly: true },
] as const

export const placesFor = (me: Me | null | undefined) =>
  places.filter((place) => !place.adminOnly || me?.role === 'admin')
