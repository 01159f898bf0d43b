/** Reads RTSP requests from a connection's bytes; what the client sends inside `$` frames (receiver reports) is skipped. */

export interface RtspRequest {
  readonly method: string
  readonly url: string
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>
}

const maxBytes = 64 * 1024

export class RtspRequests {
  #rest: Buffer = Buffer.alloc(0)

  /** The requests that `bytes` complete. Throws on what cannot be RTSP. */
  push(bytes: Buffer): RtspRequest[] {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const requests: RtspRequest[] = []
    for (;;) {
      if (this.#rest[0] === 0x24) {
        if (this.#rest.length < 4) return requests
        const end = 4 + this.#rest.readUInt16BE(2)
        if (this.#rest.length < end) return requests
        this.#rest = this.#rest.subarray(end)
        continue
      }
      const headEnd = this.#rest.indexOf('\r\n\r\n')
      if (headEnd < 0 && this.#rest.length > maxBytes) throw new Error('a request too long')
      if (headEnd < 0) return requests
      const request = parse(this.#rest.toString('utf8', 0, headEnd))
      const end = headEnd + 4 + Number(request.headers.get('content-length') ?? 0)
      if (this.#rest.length < end) return requests
      this.#rest = this.#rest.subarray(end)
      requests.push(request)
    }
  }
}

function parse(head: string): RtspRequest {
  const [first = '', ...lines] = head.split('\r\n')
  const [, method = '', url = ''] = /^([A-Z_]+) (\S+) RTSP\/1\.0$/.exec(first) ?? []
  if (!method) throw new Error(`not an RTSP request: ${first.slice(0, 100)}`)
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  return { method, url, headers }
}
