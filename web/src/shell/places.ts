/**
 * The pages of the main navigation and of the account menu, in their order, for those who may use them: the server refuses
 * everybody else.
 */
import type { CameraView } from '@vedette/shared/camera.ts'
import type { Me } from '@vedette/shared/user.ts'
import {
  Activity,
  Archive,
  Cctv,
  ChartNoAxesGantt,
  CircleUserRound,
  HardDrive,
  LayoutGrid,
  ScrollText,
  Terminal,
  UsersRound,
} from 'lucide-react'
import { useCameras, useMe } from '../api/queries.ts'

/** `replay`: whoever may look at the footage of a camera. */
type Audience = 'all' | 'replay' | 'admin'
interface Asking {
  readonly role: Me['role'] | undefined
  readonly cameras: readonly Pick<CameraView, 'rights'>[]
}

export const places = [
  { to: '/live', name: 'live', Icon: LayoutGrid, audience: 'all' },
  { to: '/timeline', name: 'timeline', Icon: ChartNoAxesGantt, audience: 'replay' },
  { to: '/cameras', name: 'cameras', Icon: Cctv, audience: 'all' },
  { to: '/storage', name: 'storage', Icon: HardDrive, audience: 'admin' },
] as const

/** Under the account: what is set up once, or looked up now and then. */
const accountPlaces = [
  { to: '/profile', name: 'profile', Icon: CircleUserRound, audience: 'all' },
  { to: '/users', name: 'users', Icon: UsersRound, audience: 'admin' },
  { to: '/backup', name: 'backup', Icon: Archive, audience: 'admin' },
  { to: '/audit', name: 'audit', Icon: ScrollText, audience: 'admin' },
  { to: '/log', name: 'logs', Icon: Terminal, audience: 'admin' },
  { to: '/status', name: 'status', Icon: Activity, audience: 'admin' },
] as const

export function isFor(audience: Audience, { role, cameras }: Asking): boolean {
  if (audience === 'all' || role === 'admin') return true
  return audience === 'replay' && cameras.some(({ rights }) => rights.includes('replay'))
}

/** Both lists as the signed-in user sees them. */
export function usePlaces() {
  const role = useMe().data?.role
  const cameras = useCameras().data ?? []
  const isMine = ({ audience }: { audience: Audience }) => isFor(audience, { role, cameras })
  return { main: places.filter(isMine), account: accountPlaces.filter(isMine) }
}
