/** Work on a camera's zones: which one is chosen, whether one is being drawn, and every change to the list. */
import type { Zone } from '@vedette/shared/camera.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { firstShape, freeName, type Point } from './zone-points.ts'

export interface ZoneWork {
  readonly chosen: number | undefined
  readonly drawing: boolean
  choose(index: number): void
  startDrawing(): void
  stopDrawing(): void
  /** Adds a zone with these points and chooses it. */
  add(points: Point[]): void
  /** Adds a rectangle: the way for those who do not draw. */
  addRectangle(): void
  change(index: number, part: Partial<Zone>): void
  remove(index: number): void
  /** Brings a zone back to its place. */
  put(index: number, zone: Zone): void
}

/** `update` gets a function, so that an undo long after works on the zones of then. */
export function useZoneWork(update: (change: (zones: readonly Zone[]) => Zone[]) => void, count: number): ZoneWork {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<number>()
  const [drawing, setDrawing] = useState(false)
  const add = (points: Point[]) => {
    const name = (zones: readonly Zone[]) => freeName(zones, (number) => t('cameras.zones.newName', { number }))
    update((zones) => [...zones, { name: name(zones), kind: 'include', points }])
    setChosen(count)
    setDrawing(false)
  }
  return {
    chosen: chosen !== undefined && chosen < count ? chosen : undefined,
    drawing,
    choose: setChosen,
    startDrawing: () => setDrawing(true),
    stopDrawing: () => setDrawing(false),
    add,
    addRectangle: () => add(firstShape()),
    change: (index, part) => update((zones) => zones.map((zone, at) => (at === index ? { ...zone, ...part } : zone))),
    remove: (index) => update((zones) => zones.filter((_, at) => at !== index)),
    put: (index, zone) => update((zones) => zones.toSpliced(index, 0, zone)),
  }
}
