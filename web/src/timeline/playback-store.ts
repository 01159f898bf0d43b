/** The players of the page behind one clock, as a store that components read at the pace they need. */
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { type InStep, PlayTogether, type TogetherState } from './play-together.ts'

export class PlaybackStore {
  readonly together: PlayTogether
  readonly #listeners = new Set<() => void>()
  #players: readonly InStep[] = []

  constructor() {
    this.together = new PlayTogether(() => {
      for (const listener of this.#listeners) listener()
    })
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  readonly state = (): TogetherState => this.together.state

  /** Adds a player; the returned function takes it away. */
  add(player: InStep): () => void {
    this.#set([...this.#players, player])
    return () => this.#set(this.#players.filter((other) => other !== player))
  }

  #set(players: readonly InStep[]): void {
    this.#players = players
    this.together.setPlayers(players)
  }
}

/** One store for the life of the page. */
export function usePlaybackStore(): PlaybackStore {
  const store = useMemo(() => new PlaybackStore(), [])
  useEffect(() => {
    store.together.start()
    return () => store.together.close()
  }, [store])
  return store
}

/** What `select` picks of the state; renders again only when that changes (it must not build a new object each time). */
export function usePlayback<T>(store: PlaybackStore, select: (state: TogetherState) => T): T {
  return useSyncExternalStore(store.subscribe, () => select(store.state()))
}
