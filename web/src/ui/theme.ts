/** Dark, light or what the system says. Imported first by main.tsx, so that the first paint has the chosen theme. */
import { useSyncExternalStore } from 'react'

export const themes = ['system', 'dark', 'light'] as const
export type Theme = (typeof themes)[number]

const key = 'vedette.theme'
const systemIsLight = matchMedia('(prefers-color-scheme: light)')
const listeners = new Set<() => void>()
let choice: Theme = readChoice()

apply()
systemIsLight.addEventListener('change', apply)

function readChoice(): Theme {
  try {
    const stored = localStorage.getItem(key)
    return stored === 'dark' || stored === 'light' ? stored : 'system'
  } catch {
    return 'system' // Storage is blocked by the browser's settings.
  }
}

function apply(): void {
  const theme = choice === 'system' ? (systemIsLight.matches ? 'light' : 'dark') : choice
  document.documentElement.dataset.theme = theme
}

/** Applies a theme and remembers it in this browser. */
export function chooseTheme(theme: Theme): void {
  choice = theme
  localStorage.setItem(key, theme)
  apply()
  for (const listener of listeners) listener()
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => choice,
  )
}
