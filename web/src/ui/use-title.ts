/** The tab's title: which page this is, then the program. */
import { useEffect } from 'react'

export function setTitle(title: string): void {
  document.title = title ? `${title} · Vedette` : 'Vedette'
}

export function useTitle(title: string): void {
  useEffect(() => setTitle(title), [title])
}
