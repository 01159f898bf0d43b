/** What age.ts and its thread tell each other. */
import type { BackupDocument } from './backup-document.ts'

/** scrypt with N = 2^17, r = 8: 128 MB and under a second. The age program's own files have 18. */
export const workFactor = 17
export const maxWorkFactor = 18

export type AgeJob =
  | { readonly do: 'encrypt'; readonly text: string; readonly passphrase: string; readonly workFactor: number }
  | { readonly do: 'decrypt'; readonly bytes: Uint8Array; readonly passphrase: string }

export type AgeAnswer =
  | { readonly bytes: Uint8Array }
  | { readonly document: BackupDocument }
  /** A sentence; nothing of the backup was taken. */
  | { readonly refused: string }
