/** The head of a JPEG that RTP leaves out, up to and with the start of scan (RFC 2435 appendix B). */
import { chromaAt50, huffmanTables, lumaAt50 } from './jpeg-tables.data.ts'

export interface JpegFacts {
  readonly width: number
  readonly height: number
  /** RTP/JPEG type without the restart bit: 0 is 4:2:2, 1 is 4:2:0. */
  readonly subsampling: 0 | 1
  /** Restart interval in MCUs, 0 for none. */
  readonly restartInterval: number
  /** Luminance, chrominance: 64 bytes each, or 128 where the samples have 16 bits. */
  readonly quantization: readonly [Buffer, Buffer]
}

/** Quality 1–99 of the Independent JPEG Group. */
export function quantizationOf(quality: number): readonly [Buffer, Buffer] {
  const factor = quality < 50 ? 5000 / quality : 200 - quality * 2
  const scale = (table: readonly number[]) =>
    Buffer.from(table.map((value) => Math.min(255, Math.max(1, Math.floor((value * factor + 50) / 100)))))
  return [scale(lumaAt50), scale(chromaAt50)]
}

export function jpegHead(facts: JpegFacts): Buffer {
  const { width, height, restartInterval } = facts
  const tables = facts.quantization.flatMap((table, index) => [(table.length === 128 ? 16 : 0) + index, ...table])
  const sampling = facts.subsampling === 0 ? 0x21 : 0x22
  const components = [1, sampling, 0, 2, 0x11, 1, 3, 0x11, 1]
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, tables),
    ...(restartInterval > 0 ? [segment(0xdd, [restartInterval >> 8, restartInterval & 255])] : []),
    segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 3, ...components]),
    segment(0xc4, [...huffmanTables]),
    segment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]),
  ])
}

function segment(marker: number, content: readonly number[]): Buffer {
  const length = content.length + 2
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...content])
}
