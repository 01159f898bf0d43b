import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PatternAutomaton } from './pattern-automaton.ts'
import { redact, rememberSecret } from './redact.ts'
import { Secret } from './secret.ts'

describe('R22 what a field or a form gives away', () => {
  test.each([
    ['{"password":"hunter2"}', '{"password":"[secret]"}'],
    ['{"a":{"b":[{"newPassword":"a\\"b\\\\"}]},"c":1}', '{"a":{"b":[{"newPassword":"[secret]"}]},"c":1}'],
    [
      '{"msg":"body {\\"password\\":\\"hun\\\\\\"ter2\\",\\"name\\":\\"Yard\\"}"}',
      '{"msg":"body {\\"password\\":\\"[secret]\\",\\"name\\":\\"Yard\\"}"}',
    ],
    ['{"token":12345,"n":1}', '{"token":"[secret]","n":1}'],
    ['{"recoveryCodes":["a-b","c-d"],"n":1}', '{"recoveryCodes":["[secret]"],"n":1}'],
    ['{"msg":"codes recoveryCodes: [ \'a-b\', \'c-d\' ] made"}', '{"msg":"codes recoveryCodes: [[secret]] made"}'],
    ['{"url":"rtsp://admin:p%40ss@10.0.0.9:554/main"}', '{"url":"rtsp://[secret]@10.0.0.9:554/main"}'],
    ['{"url":"rtsp://admin:p@ss@10.0.0.9/main"}', '{"url":"rtsp://[secret]@10.0.0.9/main"}'],
    [
      '{"url":"postgres://vedette@db/x?password=geheim&sslmode=require"}',
      '{"url":"postgres://[secret]@db/x?password=[secret]&sslmode=require"}',
    ],
    ['rtsp%3A%2F%2Fadmin%3Ahunter2%4010.0.0.9%2Fmain', 'rtsp%3A%2F%2F[secret]10.0.0.9%2Fmain'],
    [
      '{"raw":"GET / HTTP/1.1\\r\\nAuthorization: Basic YWRtaW46YWRtaW4=\\r\\nHost: x\\r\\n"}',
      '{"raw":"GET / HTTP/1.1\\r\\nAuthorization: [secret]\\r\\nHost: x\\r\\n"}',
    ],
    ['{"raw":"Cookie: vedette=abc; other=def"}', '{"raw":"Cookie: [secret]"}'],
    ['{"headers":{"set-cookie":["vedette=abc; Path=/"],"x":1}}', '{"headers":{"set-cookie":["[secret]"],"x":1}}'],
    ['{"msg":"Bearer vdt_0123456789abcdef refused"}', '{"msg":"Bearer [secret] refused"}'],
    ['{"msg":"token vdt_0123456789abcdef refused"}', '{"msg":"token vdt_[secret] refused"}'],
    ["{ apiKey: 'abcdef', id: 1 }", "{ apiKey: '[secret]', id: 1 }"],
    ['{"raw":{"type":"Buffer","data":[1,2]},"n":1}', '{"raw":{"type":"Buffer","data":["[secret]"]},"n":1}'],
    ['{"raw":{"0":1,"1":2},"list":[1,2],"n":{"0":1}}', '{"raw":{"0":"[secret]"},"list":[1,2],"n":{"0":1}}'],
    ['the buffer is full (12) [3], <Buffer 01 02>', 'the buffer is full (12) [3], <Buffer [secret]>'],
    ['the password is: hunter2, really', 'the password is: hunter2, really'],
    ['?x=1&access_token=abc.def&y=2', '?x=1&access_token=[secret]&y=2'],
    [
      '-----BEGIN PRIVATE KEY-----\\nMIGH\\n-----END PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----[secret]-----END PRIVATE KEY-----',
    ],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected)
  })

  test.each([
    '{"hasPassword":true,"tokenId":"01J","passwordLength":12,"code":"camera_refused"}',
    '{"msg":"the camera refuses the password","url":"http://10.0.0.9/main"}',
    '{"password":null,"tokens":[],"secret":{"kind":"totp"}}',
    '{"address":"anna@example.org","url":"https://example.org/a@b"}',
  ])('and leaves alone what is none: %s', (text) => {
    expect(redact(text)).toBe(text)
  })
})

const nasty = `p@ßé/"w:%\\'d <€>&\t` + '😀'
rememberSecret(nasty)
const key = randomBytes(32)
rememberSecret(key)

/** Whatever text, in every encoding that a log could show. */
const encodings: Record<string, (text: string) => string> = {
  raw: (text) => text,
  json: (text) => JSON.stringify(text),
  'json in json': (text) => JSON.stringify(JSON.stringify({ text })),
  inspect: (text) => inspect({ text }),
  percent: (text) => encodeURIComponent(text),
  'all percent': (text) =>
    [...Buffer.from(text)].map((b) => `%${b.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  query: (text) => new URLSearchParams({ text }).toString(),
  unicode: (text) =>
    [...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 after 1': (text) => Buffer.from(`a${text}b`).toString('base64'),
  'base64 after 2': (text) => Buffer.from(`ab${text}`).toString('base64'),
  'base64 of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  'base64 of UTF-16 after 1': (text) => Buffer.from(`a${text}b`, 'utf16le').toString('base64'),
  'escape()': (text) => Object(globalThis).escape(text),
  'normalized (NFD)': (text) => text.normalize('NFD'),
  'normalized, percent': (text) => encodeURIComponent(text.normalize('NFD')),
  hex: (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'part of an address': (text) => encodeURI(text),
  'path of an address': (text) => Object.assign(new URL('http://host'), { pathname: `/${text}` }).pathname,
  'query of an address': (text) => Object.assign(new URL('http://host'), { search: `?${text}` }).search,
  'json with slashes': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  'a Buffer as json': (text) => JSON.stringify(Buffer.from(text)),
  'bytes as json': (text) => JSON.stringify(new Uint8Array(Buffer.from(text))),
  'a Buffer inspected': (text) => inspect(Buffer.from(text)),
  'bytes inspected': (text) => inspect(new Uint8Array(Buffer.from(text)), { breakLength: 80 }),
  xml: (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
}

describe('R22 what this process knows', () => {
  test.each(Object.entries(encodings))('is found as %s, in the middle of something else', (_, encode) => {
    const shown = encode(nasty)
    for (const text of [shown, `camera says ${shown} and more`, JSON.stringify({ msg: `x ${shown}`, n: 1 })]) {
      const clean = redact(text)
      expect(clean).toContain('[secret]')
      expect(clean.length - clean.indexOf('[secret]') - 8, 'nothing of it is left behind the mark').toBeLessThan(40)
      expect(clean.indexOf('[secret]'), 'nor before it').toBeLessThan(50)
    }
  })

  test.each([
    ['inspect', inspect(key)],
    ['JSON', JSON.stringify({ key })],
    ['hex', key.toString('hex')],
    ['base64', key.toString('base64')],
  ])('bytes of a key as %s', (_, text) => {
    expect(redact(text)).toContain('[secret]')
    expect(redact(text)).not.toContain(text.slice(20, 40))
  })

  test('as another way to write the same letters, whichever was given', () => {
    for (const given of ['Zoë’s Gärtchen'.normalize('NFD'), 'ﬁve ﬁne días'.normalize('NFC')]) {
      rememberSecret(given)
      for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'])
        expect(redact(`says ${given.normalize(form)}.`), form).toBe('says [secret].')
    }
  })

  test('base64 of UTF-16 in the other order of bytes, of plain letters', () => {
    rememberSecret('plainletters77')
    const text = Buffer.from('plainletters77', 'utf16le').swap16().toString('base64')
    expect(redact(text)).toContain('[secret]')
    expect(redact(text).length).toBeLessThan(20)
  })

  test('a long one in pieces, a key in PEM line by line, one that is one of many', () => {
    const long = randomBytes(300).toString('base64url')
    const pem = `-----BEGIN KEY-----\n${randomBytes(60).toString('base64').replace(/.{64}/, '$&\n')}\n-----END KEY-----\n`
    rememberSecret(long)
    rememberSecret(pem)
    for (let n = 0; n < 250; n++) rememberSecret(`password number ${n}`)
    expect(redact(`a ${long} b`)).toBe('a [secret] b')
    expect(redact(pem.replaceAll('\n', '\\n'))).not.toContain(pem.split('\n')[1]?.slice(5, 25))
    expect(redact('"password number 7" and number 249: password number 249')).not.toMatch(
      /number \d+"|password number 249/,
    )
  })

  test('JSON stays JSON, whatever the secret and the record are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 5, maxLength: 12 }), fc.jsonValue(), (secret, value) => {
        rememberSecret(secret)
        const record = JSON.stringify({
          level: 30,
          msg: `x${secret}y`,
          value,
          password: secret,
          token: [1, 2],
          inner: JSON.stringify({ secret, value }),
        })
        const parsed: unknown = JSON.parse(redact(record))
        expect(parsed).toBeTypeOf('object')
      }),
      { numRuns: 25 },
    )
  })
})

test('R22 time is linear in the text, also in one that is made against it', () => {
  const timeOf = (text: string) => {
    // The shortest of some runs: other programs use the machine, too.
    const times = Array.from({ length: 4 }, () => {
      const started = performance.now()
      redact(text)
      return performance.now() - started
    })
    return Math.min(...times)
  }
  redact('warm')
  for (const piece of [
    'password=',
    '://',
    '://a@ ',
    '"secret":"',
    'token: \\',
    'authorization: ',
    '[{(',
    'vdt_',
    '%3a%2f%2f',
    'password number ',
  ]) {
    const [short, long] = [piece.repeat(20_000), piece.repeat(200_000)]
    const ratio = timeOf(long) / Math.max(1, timeOf(short))
    expect(ratio, piece).toBeLessThan(60) // 10 when linear, 100 when quadratic; machines are noisy.
  }
})

test('finds the longest of overlapping patterns, in both cases', () => {
  const automaton = new PatternAutomaton(['he', 'she', 'hers', 'his'])
  const found: string[] = []
  automaton.scan('uSHErs his', (_, start, end) => found.push('uSHErs his'.slice(start, end)))
  expect(found).toEqual(['SHE', 'hErs'.replace('h', 'H'), 'his'])
})

test('R22 a Secret prints itself nowhere', () => {
  const secret = new Secret('correct horse')
  expect(
    [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 9, showHidden: true }),
      `x${secret}`,
    ].join(),
  ).not.toContain('correct')
  expect(secret.reveal()).toBe('correct horse')
  expect(redact('it was correct horse')).toBe('it was [secret]')
})

// The database holds it sealed, to tell the right key from another one; a user may have it as a password.
test('the words of the log and of the commands stay readable, whoever takes one for a secret', () => {
  const text = '{"level":50,"msg":"the recorder ended: run `npx vedette doctor`","path":"/home/a/vedette/server"}'
  for (const word of ['vedette', 'recorder', 'level']) rememberSecret(word)
  expect(redact(text)).toBe(text)
})
