/**
 * Every place in the database that holds a sealed value. A secret can only be sealed for a place of this list (the type
 * `SealPlace`), and `vedette rotate-key` goes through this list: what is missing here does not compile.
 */

export const sealedColumns = [
  { table: 'camera', column: 'password_sealed', id: 'id' },
  { table: 'totp', column: 'secret_sealed', id: 'user_id' },
  { table: 'totp', column: 'pending_sealed', id: 'user_id' },
  /** Settings are mostly no secrets; these are. */
  { table: 'setting', column: 'value', id: 'key', only: ['audit_key', 'key_check', 'backup_passphrase'] },
] as const

export type SealedColumn = (typeof sealedColumns)[number]

type PlaceIn<Column> = Column extends { readonly only: readonly (infer Id extends string)[] }
  ? `setting.value.${Id}`
  : Column extends { readonly table: infer Table extends string; readonly column: infer Name extends string }
    ? `${Table}.${Name}.${string}`
    : never

/** Where a secret lies: table, column and row, e.g. 'camera.password_sealed.01J…'. */
export type SealPlace = PlaceIn<SealedColumn>
