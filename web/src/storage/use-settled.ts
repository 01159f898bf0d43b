/** A value once it has not changed for a moment: so that typing does not ask the server at every key. */
import { useEffect, useState } from 'react'

export function useSettled<T>(value: T, afterMs: number): T {
  const [settled, setSettled] = useState(value)
  const asText = JSON.stringify(value)
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal content is the same value, whatever the object.
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs)
    return () => clearTimeout(timer)
  }, [asText, afterMs])
  return settled
}
