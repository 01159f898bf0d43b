import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeCertificate } from '../../../test/support/made-certificate.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog as log } from '../lib/log.ts'
import { GivenCertificate } from './given-certificate.ts'

let folder: string
let clock: ManualClock
const place = () => ({ certPath: join(folder, 'cert.pem'), keyPath: join(folder, 'key.pem') })
const put = ({ cert, key }: { cert: string; key: string }) => {
  writeFileSync(place().certPath, cert)
  writeFileSync(place().keyPath, key)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-given-'))
  clock = new ManualClock(Date.now())
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('R10 the administrator’s own certificate', () => {
  test('is taken anew when its files change, and said once', async () => {
    const [first, second] = [await makeCertificate(), await makeCertificate()]
    put(first)
    const given = await GivenCertificate.open(place(), clock, log)
    expect(given.certificate?.cert).toBe(first.cert)
    const stop = new AbortController()
    const onChange = vi.fn()
    const running = given.run(onChange, stop.signal)
    clock.advance(10_000)
    put(second)
    await vi.waitFor(() => {
      clock.advance(10_000)
      expect(given.certificate?.cert).toBe(second.cert)
    })
    expect(onChange).toHaveBeenCalledTimes(1)
    stop.abort()
    await running
  })

  test.each([
    [
      'a key of another',
      async () => ({ ...(await makeCertificate()), key: (await makeCertificate()).key }),
      /belongs to another/,
    ],
    ['a weak key', () => makeCertificate({ key: 'RSA-1024' }), /too weak/],
    ['half a file', async () => ({ cert: '-----BEGIN CERT', key: 'x' }), /no certificate/],
  ])('that is replaced by %s stays in use, and a problem says why', async (_, makeBad, why) => {
    const good = await makeCertificate()
    put(good)
    const given = await GivenCertificate.open(place(), clock, log)
    expect(given.problems(clock.nowMs())).toEqual([])
    put(await makeBad())
    expect(await given.look()).toBe(false)
    expect(given.certificate?.cert).toBe(good.cert)
    expect(given.problems(clock.nowMs())).toEqual([expect.stringMatching(why)])
    expect(given.problems(clock.nowMs())[0]).toMatch(/The one before stays in use\.$/)
    put(good)
    await given.look()
    expect(given.problems(clock.nowMs())).toEqual([])
  })

  test('that is missing, or a folder, at the start does not stop the start', async () => {
    const given = await GivenCertificate.open(place(), clock, log)
    expect(given.certificate).toBeUndefined()
    expect(given.problems(clock.nowMs())[0]).toMatch(/is not there\. Vedette shows a certificate of its own instead\.$/)
    const folders = await GivenCertificate.open({ certPath: folder, keyPath: folder }, clock, log)
    expect(folders.problems(clock.nowMs())[0]).toMatch(/is not a file of certificates/)
    put(await makeCertificate())
    expect(await given.look()).toBe(true)
  })

  test('that has ended is still shown, and said loudly', async () => {
    put(await makeCertificate({ startsMs: clock.nowMs() - 2e9, endsMs: clock.nowMs() - 1e9 }))
    const given = await GivenCertificate.open(place(), clock, log)
    expect(given.certificate).toBeDefined()
    expect(given.problems(clock.nowMs())[0]).toMatch(/ended on .* Renew .*cert\.pem/)
  })

  test('is followed through links that are swapped, as certbot and Kubernetes do', async () => {
    const [first, second] = [await makeCertificate(), await makeCertificate()]
    for (const [name, pair] of [
      ['1', first],
      ['2', second],
    ] as const) {
      writeFileSync(join(folder, `cert${name}`), pair.cert)
      writeFileSync(join(folder, `key${name}`), pair.key)
    }
    for (const file of ['cert', 'key']) symlinkSync(`${file}1`, join(folder, `${file}.pem`))
    const given = await GivenCertificate.open(place(), clock, log)
    for (const file of ['cert', 'key']) {
      symlinkSync(`${file}2`, join(folder, 'next'))
      renameSync(join(folder, 'next'), join(folder, `${file}.pem`))
    }
    expect(await given.look()).toBe(true)
    expect(given.certificate?.cert).toBe(second.cert)
  })

  test.skipIf(process.getuid?.() === 0)('that may not be read says so, and is taken once it may', async () => {
    put(await makeCertificate())
    chmodSync(place().keyPath, 0)
    const given = await GivenCertificate.open(place(), clock, log)
    expect(given.problems(clock.nowMs())[0]).toMatch(/may not read/)
    chmodSync(place().keyPath, 0o600)
    expect(await given.look()).toBe(true)
  })
})
