/** A name server on loopback (UDP, RFC 1035) that answers as a test tells it, and differently each time if it is told so. */
import { createSocket, type Socket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'

/** A record: `A`, `AAAA` or `CNAME` and its value. */
export type DnsRecord = readonly [name: string, type: 'A' | 'AAAA' | 'CNAME', value: string]
/** All records of an answer to the `count`-th question (from 1) about `name`. */
export type DnsZone = (name: string, type: 'A' | 'AAAA', count: number) => readonly DnsRecord[]

const typeNumbers = { A: 1, CNAME: 5, AAAA: 28 } as const

export class DnsServer {
  readonly #socket: Socket
  readonly #resolver: Resolver
  /** Names asked about, in order. */
  readonly questions: string[] = []

  private constructor(socket: Socket, zone: DnsZone) {
    this.#socket = socket
    this.#resolver = new Resolver({ timeout: 1000, tries: 1 })
    this.#resolver.setServers([`127.0.0.1:${socket.address().port}`])
    socket.on('message', (question, from) => {
      const { name, end, type } = readQuestion(question)
      if (type) this.questions.push(`${type} ${name}`)
      const count = this.questions.filter((asked) => asked === `${type} ${name}`).length
      const records = type ? zone(name, type, count) : []
      socket.send(writeAnswer(question.subarray(0, end), records), from.port, from.address)
    })
  }

  static async open(zone: DnsZone): Promise<DnsServer> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new DnsServer(socket, zone)
  }

  /** As the system's resolver would: all addresses of both families, CNAMEs followed. */
  readonly lookup = async (host: string): Promise<readonly string[]> => {
    const none = (): string[] => []
    const found = await Promise.all([
      this.#resolver.resolve4(host).catch(none),
      this.#resolver.resolve6(host).catch(none),
    ])
    if (found.flat().length === 0) throw new Error('ENOTFOUND')
    return found.flat()
  }

  close(): void {
    this.#resolver.cancel()
    this.#socket.close()
  }
}

function readQuestion(bytes: Buffer): { name: string; type: 'A' | 'AAAA' | undefined; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  const number = bytes.readUInt16BE(at + 1)
  return { name: labels.join('.'), type: number === 1 ? 'A' : number === 28 ? 'AAAA' : undefined, end: at + 5 }
}

function writeAnswer(question: Buffer, records: readonly DnsRecord[]): Buffer {
  const head = Buffer.from(question)
  head.writeUInt16BE(0x8180, 2) // An answer, recursion offered.
  head.writeUInt16BE(records.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, ...records.map(writeRecord)])
}

function writeRecord([name, type, value]: DnsRecord): Buffer {
  const data =
    type === 'CNAME' ? writeName(value) : type === 'A' ? Buffer.from(value.split('.').map(Number)) : ipv6(value)
  const fixed = Buffer.alloc(10) // Type, class, time to live 0, length.
  fixed.writeUInt16BE(typeNumbers[type], 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt16BE(data.length, 8)
  return Buffer.concat([writeName(name), fixed, data])
}

function writeName(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]))
  return Buffer.concat([...labels, Buffer.alloc(1)])
}

/** Eight groups written out, no `::`. */
const ipv6 = (text: string) =>
  Buffer.from(text.split(':').flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]))
