/**
 * Makes events of observations: runs the machine, writes rows and pictures in order, tells pages.
 * One write after the other; when the database is away an event is lost and says so in the log, recording is not touched.
 */
import type { EventView } from '@vedette/shared/event.ts'
import type { Db } from './db/database.ts'
import {
  closeSilent,
  type EventState,
  type EventWrite,
  type Observed,
  type OpenEvent,
  observe,
} from './events/event-machine.ts'
import { eventPicturePath, writeEventPicture } from './events/event-picture.ts'
import { findEvent, openEvent, setEventPicture, updateEvent } from './events/event-store.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { newId } from './lib/new-id.ts'

export interface KeepEventsOptions {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  /** Root of the volume where pictures lie with the footage. */
  readonly pictureRoot: string
  readonly onEvent: (event: EventView) => void
}

/** Vision speaks of an open event several times a second; after this silence it is gone. */
const silenceMs = 20_000
const lookEveryMs = 5000

export class KeepEvents {
  readonly #options: KeepEventsOptions
  #state: EventState = new Map()
  #writing: Promise<void> = Promise.resolve()

  constructor(options: KeepEventsOptions) {
    this.#options = options
  }

  take(observation: Observed): void {
    const { clock } = this.#options
    const step = observe(this.#state, observation, clock.monotonicMs(), () => newId(clock.nowMs()))
    this.#state = step.state
    this.#write(step.writes)
  }

  /** Closes events whose vision went silent, until the signal aborts; then all that are open. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    while (!signal.aborted) {
      await clock.sleep(lookEveryMs, signal).catch(() => {})
      const step = closeSilent(this.#state, clock.monotonicMs(), signal.aborted ? -1 : silenceMs)
      this.#state = step.state
      this.#write(step.writes)
    }
    await this.#writing
  }

  #write(writes: readonly EventWrite[]): void {
    for (const write of writes)
      this.#writing = this.#writing
        .then(() => this.#carryOut(write))
        .catch((error: unknown) =>
          this.#options.log.error({ err: error, event: write.event.id }, 'an event could not be written'),
        )
  }

  async #carryOut(write: EventWrite): Promise<void> {
    const { db, pictureRoot, onEvent } = this.#options
    const { event } = write
    switch (write.write) {
      case 'open':
        await openEvent(db, { ...event, kind: 'motion' })
        break
      case 'update':
        await updateEvent(db, event.id, event)
        break
      case 'close':
        await updateEvent(db, event.id, { ...event, endMs: write.endMs })
        break
      case 'picture':
        await this.#keepPicture(event, write.jpeg, pictureRoot)
        break
      default:
    }
    const view = await findEvent(db, event.id)
    if (view) onEvent(view)
  }

  async #keepPicture(event: OpenEvent, jpeg: Uint8Array, root: string): Promise<void> {
    const row = await findEvent(this.#options.db, event.id)
    // The row's start names the picture's folder; the machine may have moved its own.
    if (!row) return
    await writeEventPicture(root, eventPicturePath(row), jpeg)
    await setEventPicture(this.#options.db, event.id)
  }
}
