import { describe, expect, test } from 'vitest'
import { answerChallenge, chooseChallenge } from './digest.ts'

const request = { method: 'GET', uri: '/dir/index.html', count: 1, clientNonce: '0a4f113b' }
const answer = (header: string, credentials: { username: string; password: string }, clientNonce: string) => {
  const challenge = chooseChallenge([header])
  return challenge && answerChallenge(challenge, credentials, { ...request, clientNonce })
}

describe('digest', () => {
  test('RFC 2617 3.5', () => {
    const header =
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    const sent = answer(header, { username: 'Mufasa', password: 'Circle Of Life' }, '0a4f113b')
    expect(sent).toContain('response="6629fae49393a05397450978507c4ef1"')
    expect(sent).toContain('qop=auth, nc=00000001, cnonce="0a4f113b"')
    expect(sent).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41"')
  })

  test('RFC 2069 (with its erratum), without qop', () => {
    const header = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    const sent = answer(header, { username: 'Mufasa', password: 'CircleOfLife' }, 'unused')
    expect(sent).toContain('response="1949323746fe6a43ef61f9606e7febea"')
    expect(sent).not.toMatch(/qop|cnonce|nc=|algorithm|opaque/)
  })

  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('RFC 7616 3.9.1, %s', (algorithm, response) => {
    const header = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
    const clientNonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
    const sent = answer(header, { username: 'Mufasa', password: 'Circle of Life' }, clientNonce)
    expect(sent).toContain(`response="${response}"`)
    expect(sent).toContain(`algorithm=${algorithm}`)
  })

  test('RFC 7617: Basic, with letters beyond ASCII', () => {
    expect(answer('Basic realm="a"', { username: 'Aladdin', password: 'open sesame' }, '')).toBe(
      'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    )
    expect(answer('Basic realm="a"', { username: 'test', password: '123£' }, '')).toBe('Basic dGVzdDoxMjPCow==')
  })

  test('a name with quotes cannot leave its place', () => {
    const sent = answer('Digest realm="a", nonce="b"', { username: 'x", uri="/y', password: '' }, '')
    expect(sent).toMatch(/^Digest username="x\\", uri=\\"\/y", realm="a"/)
  })

  test.each([
    [['Basic realm="a"', 'Digest realm="b", nonce="1"'], 'digest', 'md5'],
    [
      ['Digest realm="b", nonce="1", algorithm=MD5', 'Digest realm="b", nonce="1", algorithm=SHA-256'],
      'digest',
      'sha256',
    ],
    [['Digest realm="a, Basic b", nonce="1", Basic realm="c"'], 'digest', 'md5'],
    [['Basic realm="c", Digest realm="x", nonce="1", algorithm="SHA-256-sess"'], 'digest', 'sha256'],
    [['Digest realm="b", nonce="1", algorithm=SHA-512', 'Basic realm="a"'], 'basic', 'md5'],
    [['Digest realm="b", nonce="1", qop="auth-int"', 'Basic realm="a"'], 'basic', 'md5'],
  ])('of %j it takes the strongest that it can answer', (headers, scheme, algorithm) => {
    expect(chooseChallenge(headers)).toMatchObject({ scheme, algorithm })
  })

  test.each([[[]], [['']], [['Digest']], [['Digest realm="x"']], [['Negotiate']], [['"""""']], [['Digest nonce=']]])(
    'finds nothing to answer in %j',
    (headers) => expect(chooseChallenge(headers)).toBeUndefined(),
  )

  test('reads stale in either case', () => {
    expect(chooseChallenge(['Digest realm="a", nonce="b", stale=TRUE'])?.isStale).toBe(true)
    expect(chooseChallenge(['Digest realm="a", nonce="b", stale="false"'])?.isStale).toBe(false)
  })
})
