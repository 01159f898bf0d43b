/**
 * Somebody's hand on the record button: for so many minutes footage is wanted, whatever the camera's mode, and the time is an
 * event of the kind `manual`. Its planned end stands in the database, so a restart of anything goes on with it.
 * In:        start and stop. Out: `onChange` for the recorder, `onEvent` for pages.
 * Not here:  what the recorder makes of it (record/event-mode.ts). Only control runs one of these.
 */
import type { EventView } from '@vedette/shared/event.ts'
import type { Db } from '../db/database.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { newId } from '../lib/new-id.ts'
import { endEvent, findEvent, listByHand, openEvent, setUntil } from './event-store.ts'

export interface RecordByHandOptions {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  /** The recorder records until then; a time that is past: as the mode says, from now on. */
  readonly onChange: (cameraId: string, untilMs: number) => void
  readonly onEvent: (event: EventView) => void
  /** Keeps a picture of now with the event; it may fail. */
  readonly takePicture: (event: EventView) => Promise<void>
}

/** Writes; a caller that audits does it in the transaction of its entry. */
export type WriteIn = <T>(work: (db: Db) => Promise<T>) => Promise<T>

interface Running {
  readonly eventId: string
  readonly untilMs: number
}

const lookEveryMs = 1000

export class RecordByHand {
  readonly #options: RecordByHandOptions
  #running: ReadonlyMap<string, Running> = new Map()
  /** One change after the other: two people press at once. */
  #changing: Promise<unknown> = Promise.resolve()

  constructor(options: RecordByHandOptions) {
    this.#options = options
  }

  /** Goes on with what an earlier control had begun. Call it before the recorder is told about cameras. */
  async resume(): Promise<void> {
    const { db, clock } = this.#options
    const rows = await listByHand(db, clock.nowMs())
    this.#running = new Map(rows.map(({ cameraId, eventId, untilMs }) => [cameraId, { eventId, untilMs }]))
  }

  /** Null: not by hand. */
  untilMs(cameraId: string): number | null {
    return this.#running.get(cameraId)?.untilMs ?? null
  }

  /** Begins, or sets another end to what has begun. */
  start(cameraId: string, forMs: number, write: WriteIn = this.#write): Promise<EventView> {
    return this.#inTurn(async () => {
      const { clock, onChange } = this.#options
      const nowMs = clock.nowMs()
      const untilMs = nowMs + forMs
      const running = this.#running.get(cameraId)
      const eventId = running?.eventId ?? newId(nowMs)
      const row = { id: eventId, cameraId, kind: 'manual', startMs: nowMs, zones: [], score: 0, untilMs } as const
      await write((db) => (running ? setUntil(db, eventId, untilMs) : openEvent(db, row)))
      this.#set(cameraId, { eventId, untilMs })
      onChange(cameraId, untilMs)
      const event = await this.#tell(eventId)
      if (!running) void this.#picture(event)
      return event
    })
  }

  /** Undefined where nothing had begun. */
  stop(cameraId: string, write: WriteIn = this.#write): Promise<EventView | undefined> {
    return this.#inTurn(async () => {
      const running = this.#running.get(cameraId)
      if (!running) return undefined
      return this.#end(cameraId, running, Math.min(this.#options.clock.nowMs(), running.untilMs), write)
    })
  }

  /** Ends what is due, until the signal aborts; what is not due then goes on with the next control. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options
    while (!signal.aborted) {
      await clock.sleep(lookEveryMs, signal).catch(() => {})
      for (const [cameraId, running] of this.#running)
        if (running.untilMs <= clock.nowMs())
          await this.#inTurn(() => this.#endIfDue(cameraId)).catch((error: unknown) =>
            log.error({ err: error, camera: cameraId }, 'the end of a recording by hand could not be written'),
          )
    }
    await this.#changing.catch(() => {})
  }

  /** Somebody may have set another end while this waited for its turn. */
  async #endIfDue(cameraId: string): Promise<void> {
    const running = this.#running.get(cameraId)
    if (running && running.untilMs <= this.#options.clock.nowMs())
      await this.#end(cameraId, running, running.untilMs, this.#write)
  }

  readonly #write: WriteIn = (work) => work(this.#options.db)

  async #end(cameraId: string, running: Running, endMs: number, write: WriteIn): Promise<EventView> {
    const { onChange } = this.#options
    await write((db) => endEvent(db, running.eventId, endMs))
    this.#set(cameraId, undefined)
    onChange(cameraId, endMs)
    return this.#tell(running.eventId)
  }

  #set(cameraId: string, running: Running | undefined): void {
    const others = [...this.#running].filter(([id]) => id !== cameraId)
    this.#running = new Map(running ? [...others, [cameraId, running]] : others)
  }

  async #tell(eventId: string): Promise<EventView> {
    const event = await findEvent(this.#options.db, eventId)
    if (!event) throw new Error('an event that was just written is gone')
    this.#options.onEvent(event)
    return event
  }

  async #picture(event: EventView): Promise<void> {
    try {
      await this.#options.takePicture(event)
      await this.#tell(event.id)
    } catch (error) {
      // A camera that is away has no picture of now; the event is as true without one.
      this.#options.log.debug({ err: error, event: event.id }, 'a recording by hand has no picture')
    }
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(change, change)
    this.#changing = done.catch(() => {})
    return done
  }
}
