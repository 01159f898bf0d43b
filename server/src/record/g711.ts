/** ITU-T G.711: what each byte stands for, in 16 bits. */

/** Multiples of 8. */
export const decodeAlaw = Int16Array.from({ length: 256 }, (_, byte) => {
  const code = byte ^ 0x55
  const segment = (code >> 4) & 7
  const low = ((code & 15) << 4) + (segment === 0 ? 8 : 0x108)
  const magnitude = low << Math.max(0, segment - 1)
  return code & 0x80 ? magnitude : -magnitude
})

/** Multiples of 4. */
export const decodeUlaw = Int16Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff
  const magnitude = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
  return code & 0x80 ? -magnitude : magnitude
})
