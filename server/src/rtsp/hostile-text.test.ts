/** What a camera writes before its stream: mutated by a seed and made to be slow, read to an AppError or an answer in bounded time. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuzzRuns, mutatedText, survives } from '../../../test/support/fuzz.ts'
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

const credentials = { username: 'us"er\r\nX-Evil: 1', password: 'pass\r\nword' }

test('mutated descriptions, heads, challenges and addresses end in an answer or an AppError', () => {
  fc.assert(
    fc.property(
      mutatedText(sdp, h265, jpeg),
      mutatedText(head),
      mutatedText(challenge),
      mutatedText(address),
      (one, two, three, four) => {
        survives(() => chooseTracks(parseSdp(one), true))
        survives(() => readHead(two))
        survives(() => trySplitAddress(four))
        survives(() => {
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
    fuzzRuns(3000),
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
  expect((performance.now() - startMs) / 100).toBeLessThan(60) // Reading it again from each place took 250 and more.
})
