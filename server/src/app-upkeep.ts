/** What runs once beside the work after each start: files against rows, the database's file, SQLite's log. */
import type { Config } from './config.ts'
import { checkDatabaseFile } from './db/check-file.ts'
import { checkpointAside } from './db/checkpoint-aside.ts'
import type { Db } from './db/database.ts'
import { cleanableVolumes } from './default-volume.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { reconcileVolume } from './record/reconcile.ts'
import type { RecordingLink } from './recording-link.ts'

export interface UpkeepOptions {
  readonly db: Db
  readonly database: Config['database']
  readonly clock: Clock
  readonly log: Log
  readonly volume: { readonly id: string; readonly path: string }
  readonly link: RecordingLink
}

/** Deleting by a damaged index would delete the wrong footage: nothing goes before the file has been looked through. */
export class Upkeep {
  readonly #options: UpkeepOptions
  #doubt: string | null

  constructor(options: UpkeepOptions) {
    this.#options = options
    this.#doubt = options.database.kind === 'sqlite' ? 'The database is still being checked.' : null
  }

  /** Why nothing may be deleted by this index; null: it is sound. */
  get doubt(): string | null {
    return this.#doubt
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#reconcile(signal), this.#lookAfterSqlite(signal)])
  }

  /** Its file is looked through once, and its log copied in beside our work instead of inside a commit. */
  async #lookAfterSqlite(signal: AbortSignal): Promise<void> {
    const { database, log } = this.#options
    if (database.kind !== 'sqlite') return
    const copying = checkpointAside(database.path, signal)
    try {
      const finding = await checkDatabaseFile(database.path, signal)
      this.#doubt =
        finding === undefined
          ? null
          : `The database is damaged (${finding}). Stop Vedette and run \`npx vedette rebuild\`.`
      if (finding) log.error({ finding }, 'the database is damaged; nothing is deleted')
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'the database could not be checked; nothing is deleted')
    }
    await copying
  }

  async #reconcile(signal: AbortSignal): Promise<void> {
    const { db, clock, log, volume, link } = this.#options
    try {
      await link.settled() // An orphan may still write; its open file is not to be touched.
      const isOpen = (segmentId: string) => link.notes.openSegments().some((segment) => segment.id === segmentId)
      const isThere = async () => (await cleanableVolumes(db)).some(({ id }) => id === volume.id)
      const room = log.child({ room: 'record' })
      const report = await reconcileVolume({ db, clock, log: room, isOpen, isThere }, volume, signal)
      log.info(report, 'files and index were brought together')
    } catch (error) {
      log.error({ err: error }, 'files and index could not be brought together')
    }
  }
}
