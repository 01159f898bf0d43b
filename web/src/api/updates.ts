/**
 * Facts that the server pushes (GET /api/updates, server-sent events), and whether the server can be heard at all.
 * Reconnects for ever (1, 2, 5, 10 s); whoever listens hears `reconnected` after an outage and reads everything again.
 *
 * Not here: what the facts mean to cached answers (apply-updates.ts).
 */
import { type Update, update } from '@vedette/shared/system.ts'
import { useSyncExternalStore } from 'react'

export type Connection =
  | { readonly state: 'connecting' | 'open' }
  | { readonly state: 'lost'; readonly sinceMs: number }

type Heard = Update | { readonly kind: 'reconnected' }

const retryMs = [1000, 2000, 5000, 10_000]
const listeners = new Set<(heard: Heard) => void>()
const watchers = new Set<() => void>()
let connection: Connection = { state: 'connecting' }

/** Calls `listener` with every fact until the returned function is called. */
export function onUpdate(listener: (heard: Heard) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Whether the server answers; `lost` is what the banner shows. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => connection,
  )
}

/** Keeps the stream of facts open until `signal` aborts. `onFailure` runs after each lost connection. */
export function followUpdates(signal: AbortSignal, onFailure: () => void): void {
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let source: EventSource | undefined

  const open = () => {
    source = new EventSource('/api/updates')
    source.onopen = () => {
      const wasLost = connection.state === 'lost'
      failures = 0
      setConnection({ state: 'open' })
      if (wasLost) tell({ kind: 'reconnected' })
    }
    source.onmessage = (message: MessageEvent<string>) => {
      const parsed = update.safeParse(parseJson(message.data))
      if (parsed.success) tell(parsed.data)
    }
    source.onerror = () => {
      // The browser's own retry gives up for good on any answer but 200, e.g. while the server starts behind a proxy.
      source?.close()
      if (connection.state !== 'lost') setConnection({ state: 'lost', sinceMs: Date.now() })
      timer = setTimeout(open, retryMs[Math.min(failures, retryMs.length - 1)])
      failures += 1
      onFailure()
    }
  }

  open()
  signal.addEventListener('abort', () => {
    source?.close()
    clearTimeout(timer)
    setConnection({ state: 'connecting' })
  })
}

function setConnection(next: Connection): void {
  connection = next
  for (const watcher of watchers) watcher()
}

function tell(heard: Heard): void {
  for (const listener of listeners) listener(heard)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // A cut-off line; the next one is whole.
  }
}
