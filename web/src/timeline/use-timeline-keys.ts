/** The keyboard of the timeline page; key-help.tsx lists the same keys. */
import { useEffect, useRef } from 'react'
import { isTyping } from '../ui/is-typing.ts'
import type { TimelineActions } from './use-timeline-actions.ts'

interface Options {
  readonly actions: TimelineActions
  zoom(factor: number): void
  /** By a share of the view. */
  pan(share: number): void
  mark(edge: 'start' | 'end'): void
  clearSpan(): void
  /** Keeps the chosen event, or lets it go. */
  keep(): void
  download(): void
  help(): void
}

export function useTimelineKeys(options: Options): void {
  const latest = useRef(options)
  latest.current = options
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
      // Space on a button presses that button.
      if (event.key === ' ' && event.target instanceof Element && event.target.closest('button, a, [role="button"]'))
        return
      const act = keys(latest.current).get(event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key)
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

function keys(o: Options): ReadonlyMap<string, () => void> {
  const { actions } = o
  return new Map([
    [' ', actions.togglePlay],
    ['k', actions.togglePlay],
    ['j', () => actions.jump(-10_000)],
    ['l', () => actions.jump(10_000)],
    ['ArrowLeft', () => actions.jump(-1000)],
    ['ArrowRight', () => actions.jump(1000)],
    ['Shift+ArrowLeft', () => actions.jump(-60_000)],
    ['Shift+ArrowRight', () => actions.jump(60_000)],
    [',', () => actions.step(-1)],
    ['.', () => actions.step(1)],
    ['e', () => actions.goToEvent(1)],
    ['E', () => actions.goToEvent(-1)],
    ['+', () => o.zoom(2)],
    ['=', () => o.zoom(2)],
    ['-', () => o.zoom(0.5)],
    ['PageUp', () => o.pan(-0.5)],
    ['PageDown', () => o.pan(0.5)],
    ['<', () => actions.shiftRate(-1)],
    ['>', () => actions.shiftRate(1)],
    ['n', actions.goToNow],
    ['i', () => o.mark('start')],
    ['o', () => o.mark('end')],
    ['x', o.download],
    ['s', o.keep],
    ['Escape', o.clearSpan],
    ['?', o.help],
  ])
}
