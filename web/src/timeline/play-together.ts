/**
 * Plays several cameras on one clock. One of those that have footage leads; the others are held to it.
 *
 * In:        players, the user's wishes.
 * Out:       `TogetherState` at each change, a few times a second while playing.
 * Not here:  one camera's bytes and frames (player.ts).
 */

import { correctDrift } from './correct-drift.ts'
import type { PlayerState } from './player.ts'

/** What is needed of a player; tests bring their own. */
export interface InStep {
  readonly state: PlayerState
  readonly atMs: number | undefined
  seek(ms: number): void
  setPlaying(isPlaying: boolean, rate: number): void
  step(direction: 1 | -1): void
  tick(): void
}

export interface TogetherState {
  readonly atMs: number | undefined
  readonly isPlaying: boolean
  readonly rate: number
  /** Some camera's footage is on its way; the others wait for it. */
  readonly isWaiting: boolean
  /** Nobody had footage there: it was jumped over. */
  readonly skipped: { readonly fromMs: number; readonly untilMs: number } | undefined
  /** There is no later footage. */
  readonly isAtEnd: boolean
}

const tickMs = 100
/** Nobody waits longer than this for a camera whose bytes are late. */
const patienceMs = 4000

export class PlayTogether {
  readonly #onChange: (state: TogetherState) => void
  readonly #nowMs: () => number
  #players: readonly InStep[] = []
  #state: TogetherState = {
    atMs: undefined,
    isPlaying: false,
    rate: 1,
    isWaiting: false,
    skipped: undefined,
    isAtEnd: false,
  }
  #waitingSinceMs: number | undefined
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(onChange: (state: TogetherState) => void, nowMs = () => performance.now()) {
    this.#onChange = onChange
    this.#nowMs = nowMs
  }

  get state(): TogetherState {
    return this.#state
  }

  /** Starts the clock; `tick` may be called by hand instead. */
  start(): void {
    this.#timer ??= setInterval(() => this.tick(), tickMs)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Who plays along. Newcomers go where the others are. */
  setPlayers(players: readonly InStep[]): void {
    const { atMs } = this.#state
    const newcomers = players.filter((player) => !this.#players.includes(player))
    this.#players = players
    if (atMs !== undefined) for (const player of newcomers) player.seek(atMs)
  }

  seek(ms: number): void {
    this.#waitingSinceMs = undefined
    for (const player of this.#players) player.seek(ms)
    this.#set({ atMs: ms, skipped: undefined, isAtEnd: false })
    this.tick()
  }

  setPlaying(isPlaying: boolean, rate = this.#state.rate): void {
    this.#set({ isPlaying, rate, skipped: isPlaying ? this.#state.skipped : undefined })
    this.tick()
  }

  /** One picture of the leader; the others show theirs of that instant. */
  step(direction: 1 | -1): void {
    this.#set({ isPlaying: false })
    for (const player of this.#players) player.setPlaying(false, this.#state.rate)
    const leader = this.#leader()
    if (!leader) return
    leader.step(direction)
    const { atMs } = leader
    if (atMs === undefined) return
    for (const player of this.#players) if (player !== leader) player.seek(atMs)
    this.#set({ atMs, skipped: undefined })
  }

  tick(): void {
    for (const player of this.#players) player.tick()
    const leader = this.#leader()
    if (!leader) {
      this.#nobodyHasFootage()
      return
    }
    const isWaiting = this.#mustWait()
    const { isPlaying, rate } = this.#state
    const goesOn = isPlaying && !isWaiting
    leader.setPlaying(goesOn, rate)
    const atMs = leader.atMs ?? this.#state.atMs
    if (atMs !== undefined) for (const player of this.#players) if (player !== leader) this.#hold(player, atMs, goesOn)
    this.#set({ atMs, isWaiting, isAtEnd: false })
  }

  #leader(): InStep | undefined {
    return (
      this.#players.find((player) => player.state.kind === 'ready') ??
      this.#players.find((player) => player.state.kind === 'loading')
    )
  }

  #mustWait(): boolean {
    const isLate = this.#players.some((player) => player.state.kind === 'loading')
    if (!isLate) {
      this.#waitingSinceMs = undefined
      return false
    }
    const nowMs = this.#nowMs()
    this.#waitingSinceMs ??= nowMs
    const isAlone = !this.#players.some((player) => player.state.kind === 'ready')
    return isAlone || nowMs - this.#waitingSinceMs < patienceMs
  }

  #hold(player: InStep, atMs: number, goesOn: boolean): void {
    const { state } = player
    const { rate } = this.#state
    if (state.kind === 'gap') {
      player.setPlaying(false, rate)
      if (state.untilMs !== null && atMs >= state.untilMs) player.seek(atMs)
      return
    }
    if (state.kind !== 'ready' || player.atMs === undefined) return
    const plan = correctDrift(player.atMs - atMs, rate, goesOn)
    if (plan.seek) player.seek(atMs)
    player.setPlaying(goesOn, plan.rate)
  }

  #nobodyHasFootage(): void {
    const { atMs, isPlaying } = this.#state
    const gaps = this.#players.flatMap(({ state }) => (state.kind === 'gap' ? [state.untilMs] : []))
    const next = gaps.flatMap((untilMs) => (untilMs === null || untilMs <= (atMs ?? 0) ? [] : [untilMs]))
    if (isPlaying && gaps.length > 0 && next.length > 0 && atMs !== undefined) {
      const untilMs = Math.min(...next)
      this.seek(untilMs)
      this.#set({ skipped: { fromMs: atMs, untilMs } })
    } else {
      this.#set({ isWaiting: false, isAtEnd: gaps.length > 0 && next.length === 0 })
    }
  }

  #set(change: Partial<TogetherState>): void {
    const next = { ...this.#state, ...change }
    const keys = ['atMs', 'isPlaying', 'rate', 'isWaiting', 'skipped', 'isAtEnd'] as const
    if (keys.every((key) => next[key] === this.#state[key])) return
    this.#state = next
    this.#onChange(next)
  }
}
