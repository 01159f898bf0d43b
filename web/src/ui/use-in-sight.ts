/** Whether an element can be seen: it is in the window, or nearly, and the tab is open. */
import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react'

export function useInSight(element: RefObject<Element | null>): boolean {
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    if (!element.current) return
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: '120px',
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  const isTabOpen = useSyncExternalStore(onVisibility, () => !document.hidden)
  return isNear && isTabOpen
}

function onVisibility(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}
