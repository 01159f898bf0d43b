/** A JPEG as RTP payloads (RFC 2435): the scan with quantisation tables in the first packet; 4:2:0, standard Huffman tables. */

export function jpegPayloads(jpeg: Buffer, maxBytes: number): Uint8Array[][] {
  const { tables, width, height, scan } = readJpeg(jpeg)
  const quantisation = Buffer.concat([Buffer.from([0, 0, 0, 128]), tables])
  const payloads: Uint8Array[][] = []
  for (let at = 0; at < scan.length; ) {
    const head = Buffer.from([0, at >> 16, (at >> 8) & 255, at & 255, 1, 255, width / 8, height / 8])
    const extra = at === 0 ? [quantisation] : []
    const part = scan.subarray(at, at + maxBytes - 8 - (at === 0 ? quantisation.length : 0))
    payloads.push([head, ...extra, part])
    at += part.length
  }
  return payloads
}

function readJpeg(jpeg: Buffer) {
  const tables: Buffer[] = []
  let width = 0
  let height = 0
  for (let at = 2; at + 4 <= jpeg.length; ) {
    const marker = jpeg[at + 1] ?? 0
    const end = at + 2 + jpeg.readUInt16BE(at + 2)
    if (marker === 0xdb) for (let t = at + 5; t + 64 <= end; t += 65) tables.push(jpeg.subarray(t, t + 64))
    if (marker === 0xc0) {
      height = jpeg.readUInt16BE(at + 5)
      width = jpeg.readUInt16BE(at + 7)
    }
    if (marker === 0xda) {
      const [luma, chroma = luma] = tables
      if (!luma || !chroma) throw new Error('a JPEG without quantisation tables')
      const last = jpeg.lastIndexOf(Buffer.from([0xff, 0xd9]))
      return { tables: Buffer.concat([luma, chroma]), width, height, scan: jpeg.subarray(end, last) }
    }
    at = end
  }
  throw new Error('a JPEG without a scan')
}
