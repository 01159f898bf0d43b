/** The kinds of the audit log as keys of texts: a dot would divide a key. */
import { type AuditKind, auditKind } from '@vedette/shared/audit.ts'

type KeyOf<K extends string> = K extends `${infer Area}.${infer What}` ? `${Area}_${What}` : K
export type KindKey = KeyOf<AuditKind>

// The type says the same as the replacement; TypeScript does not follow text.
export const kindKey = (kind: AuditKind) => kind.replace('.', '_') as KindKey

/** The key of a kind that this page knows; undefined for one that is younger than the page. */
export function knownKindKey(kind: string): KindKey | undefined {
  const known = auditKind.safeParse(kind)
  return known.success ? kindKey(known.data) : undefined
}

/** What a person should look at twice. */
export const isRefusal = (kind: string) =>
  /\.(failed|limited|refused|key_refused|second_factor_failed|summed)$/.test(kind)
