/** The codec in an RFC 6381 string, as people write it: hvc1.1.6.L120.90 -> H.265. */
const names: readonly (readonly [RegExp, string])[] = [
  [/\b(hvc1|hev1)/, 'H.265'],
  [/\bavc[13]/, 'H.264'],
  [/\bav01/, 'AV1'],
  [/mp4v\.6C|\bmjpeg/i, 'MJPEG'],
]

export const codecName = (codec: string): string => names.find(([pattern]) => pattern.test(codec))?.[1] ?? codec
