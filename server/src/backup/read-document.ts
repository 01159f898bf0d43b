/** A decrypted backup as a document: every way in which it is not one is told in a sentence. Pure; runs in the thread of age.ts. */
import { type BackupDocument, backupDocument, documentHead, documentVersion } from './backup-document.ts'
import { findMisfit } from './check-document.ts'

export type ReadDocument = { readonly document: BackupDocument } | { readonly refused: string }

const refuse = (why: string): ReadDocument => ({ refused: `This backup cannot be restored: ${why}` })

export function readDocument(bytes: Uint8Array): ReadDocument {
  const value = parse(bytes)
  if (value === undefined) return refuse('what is in it is no configuration of Vedette.')
  const head = documentHead.safeParse(value)
  if (!head.success) return refuse('what is in it is no configuration of Vedette.')
  if (head.data.version > documentVersion)
    return refuse(
      `it was made by a newer Vedette${head.data.madeBy ? ` (${head.data.madeBy})` : ''}. Install that version first.`,
    )
  const parsed = backupDocument.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue?.path.slice(-4).join('.') || 'the document'
    return refuse(`${where.slice(0, 200)} is not as Vedette writes it (${(issue?.message ?? '').slice(0, 200)}).`)
  }
  const misfit = findMisfit(parsed.data.configuration)
  return misfit === undefined ? { document: parsed.data } : refuse(misfit)
}

/** Undefined: no JSON in UTF-8, or with a key that reaches for an object's prototype. */
function parse(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__' || key === 'constructor' || key === 'prototype') throw new Error('a key of prototypes')
      return value
    })
  } catch {
    return undefined // Also nested so deep that the reviver has no stack left.
  }
}
