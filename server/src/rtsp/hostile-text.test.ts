/** What a camera writes before its stream: mutated by a seed and made to be slow, read to an AppError or an answer in bounded time. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../lib/app-error.ts'
import { chooseTracks } from './choose-tracks.ts'
import { answerChallenge, chooseChallenge } from './digest.ts'
import { trySplitAddress } from './rtsp-address.ts'
import { readHead, writeRequest } from './rtsp-message.ts'
import { parseSdp } from './sdp.ts'

const sdp = `v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r
a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z2QAKKzZQHgCJ+XARAAAAwAEAAADAMg8YMZY,aOvjyyLA\r\na=control:trackID=1\r
m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000/1\r
a=fmtp:97 config=1408;sizelength=13;indexlength=3;indexdeltalength=3;mode=AAC-hbr\r\na=framesize:96 640-480\r\n`
const h265 = `v=0\r\nm=video 0 RTP/AVP 98\r\na=rtpmap:98 H265/90000\r\na=fmtp:98 sprop-vps=QAEMAf;sprop-sps=QgEBAW;sprop-pps=RAHB;sprop-max-don-diff=1\r\n`
const jpeg = 'v=0\r\nm=video 0 RTP/AVP 26\r\na=x-dimensions:4000,3000\r\n'
const challenge =
  'Digest realm="IP \\"Camera\\"", nonce="4c3d", opaque="x, y", qop="auth,auth-int", algorithm=SHA-256-sess, Basic realm="b"'
const head = `RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 12\r\nSession: 12;timeout=60`
const address = 'rtsps://user:p%40ss@[fd00::1]:8554/path?a=b#c'

/** Some places of a text replaced, doubled or cut. */
const mutated = (...texts: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 6, unit: 'binary' }), fc.nat(12)), { maxLength: 5 }),
    )
    .map(([text, changes]) =>
      changes.reduce((old, [place, put, skip]) => {
        const at = place % (old.length + 1)
        return skip > 11 ? old + old.slice(at) : old.slice(0, at) + put + old.slice(at + skip)
      }, text),
    )

function onlyAppErrors(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
  }
}
const credentials = { username: 'us"er\r\nX-Evil: 1', password: 'pass\r\nword' }

test('mutated descriptions, heads, challenges and addresses end in an answer or an AppError', () => {
  fc.assert(
    fc.property(
      mutated(sdp, h265, jpeg),
      mutated(head),
      mutated(challenge),
      mutated(address),
      (one, two, three, four) => {
        onlyAppErrors(() => chooseTracks(parseSdp(one), true))
        onlyAppErrors(() => readHead(two))
        onlyAppErrors(() => trySplitAddress(four))
        onlyAppErrors(() => {
          const found = chooseChallenge([three])
          if (!found) return
          const request = { method: 'DESCRIBE', uri: 'rtsp://camera/', count: 1, clientNonce: '00' }
          const written = writeRequest('DESCRIBE', 'rtsp://camera/', {
            Authorization: answerChallenge(found, credentials, request),
          })
          expect(written.toString('latin1').split('\r\n')).toHaveLength(5) // First line, two headers, the empty line's two ends.
        })
      },
    ),
    { seed: 20_261_122, numRuns: 3000 },
  )
})

const long = 16_000
test.each([
  ['letters', 'a'.repeat(long)],
  ['names', `Digest ${'a-'.repeat(long / 2)}`],
  ['spaces', `Digest a${' '.repeat(long)}=`],
  ['equal signs', `Digest ${'a='.repeat(long / 2)}`],
  ['backslashes', `Digest a="${'\\'.repeat(long)}`],
  ['commas', 'a,'.repeat(long / 2)],
])('a challenge of 16 kB of %s is read in a moment', (_, text) => {
  const startMs = performance.now()
  for (let i = 0; i < 100; i++) chooseChallenge([text])
  expect((performance.now() - startMs) / 100).toBeLessThan(6)
})
