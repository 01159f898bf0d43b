/**
 * The backup that is made by itself: daily unless told otherwise, the newest seven are kept. Off until it has a passphrase.
 * Whether one is due is read from the files, so a restart or a deleted file changes nothing about the rule.
 */
import type { BackupView, AutomaticBackup as View } from '@vedette/shared/backup.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { newId } from '../lib/new-id.ts'
import { dropParts, listBackups, planPruning, removeBackup, writeBackup } from './backup-folder.ts'
import {
  type BackupSettings,
  readBackupSettings,
  readFolderMarker,
  readPassphrase,
  writeFolderMarker,
} from './backup-settings-store.ts'
import { type BackupSource, makeBackup } from './make-backup.ts'

export interface AutomaticBackupOptions extends BackupSource {
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
  /** For the audit log; a backup whose entry cannot be written is not made. */
  readonly onMade?: (backup: BackupView) => Promise<void>
  readonly onFailed?: (problem: string) => Promise<void>
}

const lookEveryMs = 60_000
const retryAfterMs = 15 * 60_000
const hourMs = 3_600_000
/** By hand; automatic ones make room for themselves. */
const maxByHand = 100

export class AutomaticBackup {
  readonly #options: AutomaticBackupOptions
  #problem: string | null = null
  #notBeforeMs = 0
  #wake = new AbortController()

  constructor(options: AutomaticBackupOptions) {
    this.#options = options
  }

  get folder(): string {
    return this.#options.folder
  }

  /** For the state of the system. */
  get problems(): readonly string[] {
    return this.#problem === null ? [] : [`The automatic backup failed: ${this.#problem}`]
  }

  async view(): Promise<View> {
    const { db, key } = this.#options
    const settings = await readBackupSettings(db)
    const hasPassphrase = (await readPassphrase(db, key)) !== null
    const isOn = settings.isOn && hasPassphrase
    return {
      ...settings,
      isOn,
      hasPassphrase,
      folder: this.folder,
      nextMs: isOn ? await this.#nextMs(settings) : null,
      problem: this.#problem,
    }
  }

  /** Looks every minute until the signal aborts; a failure is told and tried again after a quarter of an hour. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options
    await dropParts(this.folder)
    while (!signal.aborted) {
      try {
        await this.makeIfDue()
      } catch (error) {
        log.error({ err: error }, 'the automatic backup failed')
      }
      this.#wake = new AbortController()
      // Ends early when there is something new to look at, or nothing any more.
      await clock.sleep(lookEveryMs, AbortSignal.any([signal, this.#wake.signal])).catch(() => {})
    }
  }

  /** Makes one if it is time; throws what went wrong after it was noted as the problem. */
  async makeIfDue(): Promise<BackupView | undefined> {
    const { db, key, clock, onFailed } = this.#options
    const settings = await readBackupSettings(db)
    const passphrase = settings.isOn ? await readPassphrase(db, key) : null
    if (passphrase === null) {
      this.#problem = null
      return undefined
    }
    if (clock.monotonicMs() < this.#notBeforeMs) return undefined
    try {
      if ((await this.#nextMs(settings)) > clock.nowMs()) return undefined
      const made = await this.#make('automatic', passphrase)
      this.#problem = null
      await this.#prune(settings)
      return made
    } catch (error) {
      this.#notBeforeMs = clock.monotonicMs() + retryAfterMs
      const isNews = this.#problem === null
      this.#problem = error instanceof AppError ? error.message : 'Something went wrong; the log tells more.'
      if (isNews) await onFailed?.(this.#problem)
      throw error
    }
  }

  /** One more now, with the stored passphrase; it stays until somebody deletes it. */
  async makeNow(): Promise<BackupView> {
    const { db, key } = this.#options
    const passphrase = await readPassphrase(db, key)
    if (passphrase === null)
      throw new AppError('conflict', 'There is no passphrase for backups on this machine yet: set one first.')
    const byHand = (await listBackups(this.folder)).filter(({ by }) => by === 'hand')
    if (byHand.length >= maxByHand)
      throw new AppError('conflict', `There are ${maxByHand} backups that were made by hand: delete some first.`)
    return this.#make('hand', passphrase)
  }

  /** After a change of settings it is looked at once whether one is due, also after a failure. */
  settingsChanged(): void {
    this.#notBeforeMs = 0
    this.#problem = null
    this.#wake.abort()
  }

  async #make(by: BackupView['by'], passphrase: string): Promise<BackupView> {
    const { db, clock, onMade } = this.#options
    const nowMs = clock.nowMs()
    const bytes = await makeBackup(this.#options, passphrase, nowMs)
    const folder = { path: this.folder, marker: await readFolderMarker(db, this.folder) }
    const { marker, file } = await writeBackup(folder, { id: newId(nowMs), madeMs: nowMs, by, bytes })
    if (folder.marker === undefined) await writeFolderMarker(db, this.folder, marker)
    const { name: _, ...view } = file
    await onMade?.(view)
    return view
  }

  async #nextMs({ everyHours }: BackupSettings): Promise<number> {
    const nowMs = this.#options.clock.nowMs()
    // One from the future says that the clock was wrong, not that there is a backup.
    const [newest] = (await listBackups(this.folder)).filter(
      ({ by, madeMs }) => by === 'automatic' && madeMs <= nowMs + hourMs,
    )
    return newest ? newest.madeMs + everyHours * hourMs : nowMs
  }

  async #prune({ keep }: BackupSettings): Promise<void> {
    for (const file of planPruning(await listBackups(this.folder), keep)) await removeBackup(this.folder, file)
  }
}
