/** The `before` and `after` of an entry as rows, and what else its detail holds. */
export interface ChangedRow {
  readonly field: string
  /** Undefined: it was not there. */
  readonly before: string | undefined
  readonly after: string | undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const inWords = (value: unknown): string | undefined => {
  if (value === undefined) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function changedRows(detail: Readonly<Record<string, unknown>>): {
  rows: ChangedRow[]
  rest: Record<string, unknown>
} {
  const { before, after, ...rest } = detail
  const [old, now] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}]
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  return {
    rows: fields.map((field) => ({ field, before: inWords(old[field]), after: inWords(now[field]) })),
    rest,
  }
}
