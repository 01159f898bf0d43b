/** A real browser that was made to trust the authority of /vedette-ca.crt opens Vedette without a warning, and only then. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { browserMissing, chromiumPath } from '../../support/browser.ts'
import { whyMissing } from '../../support/foreign-program.ts'
import { RunningVedette } from '../../support/running-vedette.ts'

const missing = browserMissing ?? whyMissing('certutil (libnss3-tools)', 'sh', '-c', 'command -v certutil')
if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

let home: string
let vedette: RunningVedette
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'vedette-trust-'))
  if (!missing)
    vedette = await RunningVedette.open({
      args: ['--host', '127.0.0.2'],
      environment: { VEDETTE_HOSTNAMES: 'cam.example' },
    })
})
afterEach(async () => {
  await vedette?.close()
  rmSync(home, { recursive: true, force: true })
})

function download(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      answer.on('end', () => resolve(text))
    }).on('error', reject)
  })
}

/** What a page says of its connection, by its name and by its address; or the browser's error. */
async function open(): Promise<string[]> {
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP cam.example 127.0.0.2'],
    env: { ...process.env, HOME: home },
  })
  try {
    const page = await browser.newPage()
    const { port } = new URL(vedette.url)
    const said: string[] = []
    for (const host of ['cam.example', '127.0.0.2'])
      said.push(
        await page.goto(`https://${host}:${port}/setup`).then(
          async () => `${await page.evaluate('isSecureContext')}`,
          (error: Error) => /ERR_\w+/.exec(error.message)?.[0] ?? error.message,
        ),
      )
    return said
  } finally {
    await browser.close()
  }
}

describe.skipIf(missing !== undefined)('R10 the local authority', () => {
  test('is what makes Chromium trust the certificate, by name and by address', async () => {
    expect(await open()).toEqual(['ERR_CERT_AUTHORITY_INVALID', 'ERR_CERT_AUTHORITY_INVALID'])
    const store = join(home, '.pki/nssdb')
    mkdirSync(store, { recursive: true })
    writeFileSync(join(home, 'ca.crt'), await download(`${vedette.url}/vedette-ca.crt`))
    const certutil = (...args: string[]) => execFileSync('certutil', ['-d', `sql:${store}`, ...args], { stdio: 'pipe' })
    certutil('-N', '--empty-password')
    certutil('-A', '-t', 'C,,', '-n', 'vedette', '-i', join(home, 'ca.crt'))
    expect(await open()).toEqual(['true', 'true'])
  }, 60_000)
})
