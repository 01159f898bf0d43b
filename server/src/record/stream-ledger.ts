/**
 * One camera's end of the ledger while its main stream is recorded: where it goes on after an earlier recorder, and the notes that come
 * of what happens (coverage-notes.ts).
 */
import {
  advanceCoverage,
  beginCoverage,
  beginNewCoverage,
  type Coverage,
  type CoverageInput,
} from './coverage-notes.ts'
import { type Now, unwantedSince, type WantSettings } from './event-mode.ts'
import type { GapNote } from './note.ts'

export interface StreamLedgerOptions {
  readonly cameraId: string
  readonly settings: WantSettings
  /** End of what the ledger knows of this camera; undefined: it begins now. */
  readonly coveredUntilMs: number | undefined
  /** End of the last footage; 0: none. */
  readonly footageEndMs: number
  /** Since this capture time movement would have been seen. */
  readonly watchedFromMs: number | undefined
  /** Somebody records by hand, whatever the mode wants. */
  readonly isByHand: boolean
  readonly note: (note: GapNote) => void
}

export class StreamLedger {
  readonly #note: (note: GapNote) => void
  #coverage: Coverage

  constructor(options: StreamLedgerOptions, now: Now) {
    this.#note = options.note
    this.#coverage = begin(options, now)
  }

  take(input: CoverageInput): void {
    const { coverage, notes } = advanceCoverage(this.#coverage, input)
    this.#coverage = coverage
    for (const note of notes) this.#note(note)
  }
}

/** The time up to now is the recorder's to explain, but for what is known not to have been wanted. */
function begin(options: StreamLedgerOptions, now: Now): Coverage {
  const { cameraId, settings, coveredUntilMs, footageEndMs, watchedFromMs, isByHand } = options
  if (coveredUntilMs === undefined) return beginNewCoverage(cameraId, now.wallMs)
  const coverage = beginCoverage(cameraId, coveredUntilMs)
  const unwanted = isByHand ? undefined : unwantedSince(settings, { coveredUntilMs, footageEndMs, watchedFromMs }, now)
  if (!unwanted) return coverage
  const reason = { kind: 'not_wanted', cause: unwanted.cause } as const
  return advanceCoverage(coverage, { what: 'reason', atMs: unwanted.fromMs, reason }).coverage
}
