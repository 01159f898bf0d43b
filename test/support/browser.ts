/**
 * Debian's Chromium for browser tests: pages that collect what they must not do (console errors, refused policy, thrown
 * errors), and screenshots in test-results/. Where Chromium is missing, tests say so and are skipped.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

export const chromiumPath = process.env.VEDETTE_CHROMIUM ?? '/usr/bin/chromium'
const pictures = resolve(import.meta.dirname, '../../test-results/screenshots')

/** Why browser tests cannot run here; undefined where they can. */
export const browserMissing = existsSync(chromiumPath) ? undefined : `no Chromium at ${chromiumPath}`

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  })
}

export interface WatchedPage {
  readonly page: Page
  /** Errors on the console, refusals of the content security policy, thrown errors; a good page has none. */
  readonly complaints: string[]
}

/** A page in a session of its own. `cookie` ("name=value") signs it in. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { cookie?: string } = {},
): Promise<WatchedPage> {
  const { cookie, ...rest } = options
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Rome', ...rest, baseURL: url })
  if (cookie) {
    const [name = '', value = ''] = cookie.split('=', 2)
    await context.addCookies([{ name, value, url }])
  }
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !isRefusedRequest(message.text())) complaints.push(message.text())
    else if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text())
  })
  return { page, complaints }
}

/** Chromium writes a console error for every answer of 400 and more; the app may meet those (401 before signing in). */
const isRefusedRequest = (text: string) => /^Failed to load resource: (the server responded|net::ERR_)/.test(text)

/** Keeps a picture of the page as test-results/screenshots/<name>.png. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}
