/** How many columns this browser shows; remembered. */
import { useState } from 'react'
import { type ColumnChoice, columnChoices } from './grid-layout.ts'

const key = 'vedette.live.columns'

export function useColumnChoice(): [ColumnChoice, (choice: ColumnChoice) => void] {
  const [choice, setChoice] = useState(readChoice)
  return [
    choice,
    (next) => {
      setChoice(next)
      localStorage.setItem(key, String(next))
    },
  ]
}

function readChoice(): ColumnChoice {
  try {
    const stored = localStorage.getItem(key)
    return columnChoices.find((choice) => String(choice) === stored) ?? 'auto'
  } catch {
    return 'auto' // Storage is blocked by the browser's settings.
  }
}
