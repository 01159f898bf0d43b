/** A decrypted backup as a document: every way in which it is not one is told in a sentence. Pure; runs in the thread of age.ts. */
import { type BackupDocument, backupDocument, documentHead, documentVersion } from './backup-document.ts'
import { findMisfit } from './check-document.ts'

export type ReadDocument = { readonly document: BackupDocument } | { readonly refused: string }

const refuse = (why: string): ReadDocument => ({ refused: `This backup cannot be restored: ${why}` })

/** The fullest document has one and a half million. Sixteen megabytes of nothings would take gigabytes, and end the process. */
const maxValues = 2_000_000

export function readDocument(bytes: Uint8Array): ReadDocument {
  if (hasTooManyValues(bytes)) return refuse('there are more things in it than a Vedette holds.')
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

/** Looked at before anything is made of it: values begin with these characters, outside of texts. */
function hasTooManyValues(bytes: Uint8Array): boolean {
  const [quote, backslash, comma, list, object] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b]
  let values = 0
  let isInText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) isInText = !isInText
    else if (isInText) at += byte === backslash ? 1 : 0
    else if (byte === comma || byte === list || byte === object) values += 1
  }
  return values > maxValues
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
