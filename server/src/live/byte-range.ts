/** The Range header (RFC 9110 section 14): one range of bytes. Several ranges, other units and nonsense count as none. */

export type ByteRange =
  | { readonly kind: 'all' }
  /** Both ends included. */
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  | { readonly kind: 'unsatisfiable' }

export function parseRange(header: string | undefined, sizeBytes: number): ByteRange {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  const [, from = '', to = ''] = match ?? []
  if (from === '' && to === '') return { kind: 'all' }
  if (from === '') {
    const length = Math.min(Number(to), sizeBytes)
    return length === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', first: sizeBytes - length, last: sizeBytes - 1 }
  }
  const first = Number(from)
  const last = to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1)
  if (to !== '' && Number(to) < first) return { kind: 'all' } // Invalid, so it is ignored.
  return first >= sizeBytes ? { kind: 'unsatisfiable' } : { kind: 'part', first, last }
}

export interface RangeAnswer {
  readonly status: 200 | 206 | 416
  readonly headers: Readonly<Record<string, string>>
  /** Bytes to send: [first, end). */
  readonly first: number
  readonly end: number
}

/** How to answer a request for a file of so many bytes. If-Range with another etag asks for the whole file. */
export function answerRange(
  request: { readonly method: string; readonly headers: { range?: string | undefined; 'if-range'?: unknown } },
  file: { readonly sizeBytes: number; readonly etag: string },
): RangeAnswer {
  const { sizeBytes, etag } = file
  const ifRange = request.headers['if-range']
  const counts = request.method === 'GET' && (ifRange === undefined || ifRange === etag)
  const range = parseRange(counts ? request.headers.range : undefined, sizeBytes)
  const headers = { 'accept-ranges': 'bytes', etag }
  if (range.kind === 'unsatisfiable')
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${sizeBytes}` }, first: 0, end: 0 }
  if (range.kind === 'all')
    return { status: 200, headers: { ...headers, 'content-length': String(sizeBytes) }, first: 0, end: sizeBytes }
  const { first, last } = range
  return {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(last - first + 1),
      'content-range': `bytes ${first}-${last}/${sizeBytes}`,
    },
    first,
    end: last + 1,
  }
}
