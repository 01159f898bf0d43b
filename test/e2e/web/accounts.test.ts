/**
 * Accounts in the browser, against the real program: a second factor is set up and used, an administrator makes a viewer of
 * one camera, and the viewer sees just that. One story in steps; each goes on where the one before ended.
 */
import { createHmac } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { adminPassword, RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const viewerPassword = 'a viewer with four words'

/** RFC 6238, worked out here and not by the server's library. */
function totp(secret: string, step: number): string {
  const bits = [...secret]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', key).update(counter).digest()
  const at = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
const stepNow = () => Math.floor(Date.now() / 30_000)

describe.skipIf(browserMissing)('accounts', () => {
  let vedette: RunningVedette
  let browser: Browser
  let page: Page
  let complaints: string[]
  let secret = ''
  let usedStep = 0
  let codes: string[] = []

  beforeAll(async () => {
    ;[vedette, browser] = await Promise.all([RunningVedette.open(), openBrowser()])
    await vedette.setUp('anna')
    for (const name of ['Yard', 'Office'])
      await vedette.addCamera({ name, address: `rtsp://127.0.0.1:9/${name}`, enabled: false })
    ;({ page, complaints } = await openPage(browser, vedette.url, { viewport: { width: 1440, height: 900 } }))
    page.setDefaultTimeout(15_000)
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
  })

  let failed = false
  beforeEach((context) => {
    if (failed) context.skip()
    context.onTestFailed(async () => {
      failed = true
      await takePicture(page, 'accounts-failed')
    })
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const fill = (label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value)
  const signIn = async (username: string, password: string) => {
    await fill('User name', username)
    await fill('Password', password)
    await button('Sign in').click()
  }
  const signOut = async () => {
    await button('Account').click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/login')
  }
  const menuOf = async () => {
    await button('Account').click()
    await page.getByRole('menuitem').first().waitFor()
    const items = await page.getByRole('menuitem').allTextContents()
    await page.keyboard.press('Escape')
    return items
  }

  test('R4 an app is set up by its QR code or its secret, and ten recovery codes are shown', async () => {
    await page.goto('/login')
    await signIn('anna', adminPassword)
    await page.waitForURL('**/live')
    await button('Account').click()
    await page.getByRole('menuitem', { name: 'Profile' }).click()
    await button('Set up').click()
    await fill('Your password', 'not the password')
    await button('Go on').click()
    await says('The password is wrong.')
    await fill('Your password', adminPassword)
    await button('Go on').click()
    await page.getByRole('img', { name: 'QR code with the secret' }).waitFor()
    await takePicture(page, 'accounts-qr')
    secret = ((await page.locator('dialog code').textContent()) ?? '').replaceAll(' ', '')
    usedStep = stepNow()
    await fill('Code from the app', totp(secret, usedStep - 40))
    await button('Switch it on').click()
    await says('That is not the code of the new secret.')
    usedStep = stepNow()
    await fill('Code from the app', totp(secret, usedStep))
    await button('Switch it on').click()
    await says('they are shown this once')
    codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents()
    expect(new Set(codes).size).toBe(10)
    const download = page.waitForEvent('download')
    await button('Download').click()
    expect((await download).suggestedFilename()).toBe('vedette-recovery-codes.txt')
    await button('I have put them away').click()
    await says('10 left')
  })

  test('R4 signing in asks for the code, and takes each step once', async () => {
    await signOut()
    await signIn('anna', adminPassword)
    await fill('Code from your app', totp(secret, usedStep))
    await button('Sign in').click()
    await says('That is not right, or it was used before.')
    // The next step counts already: clocks may differ by one.
    await fill('Code from your app', totp(secret, Math.max(usedStep + 1, stepNow())))
    await button('Sign in').click()
    await page.waitForURL('**/live')
  })

  test('R4 a recovery code lets in once', async () => {
    const [code = ''] = codes
    const recover = async () => {
      await signOut()
      await signIn('anna', adminPassword)
      await button('Use a recovery code').click()
      await fill('Recovery code', code)
      await button('Sign in').click()
    }
    await recover()
    await page.waitForURL('**/live')
    await recover()
    await says('That is not right, or it was used before.')
    await fill('Recovery code', codes[1] ?? '')
    await page.getByLabel('Trust this device for 30 days').check()
    await button('Sign in').click()
    await page.waitForURL('**/live')
    await page.goto('/profile')
    await says('8 left')
    await says('Trusted devices')
  })

  test('R4 a trusted device is asked for the password alone', async () => {
    await signOut()
    await signIn('anna', adminPassword)
    await page.waitForURL('**/live')
  })

  test('an administrator makes a viewer of one camera, without replay', async () => {
    await page.goto('/users')
    await page.getByRole('link', { name: 'Add a user' }).click()
    await fill('User name', 'bruno')
    await fill('Password', viewerPassword)
    await page.getByLabel('On', { exact: true }).selectOption({ label: 'Camera: Yard' })
    await page.getByRole('checkbox', { name: /^Replay/ }).uncheck()
    await takePicture(page, 'accounts-add-user')
    await button('Add a user').click()
    await says('bruno can sign in now.')
    await says('Yard: View')
  })

  test('R5 the viewer sees that camera, and no page that is not theirs', async () => {
    const viewer = await openPage(browser, vedette.url, { viewport: { width: 1440, height: 900 } })
    const admin = page
    page = viewer.page
    await page.goto('/cameras')
    await signIn('bruno', viewerPassword)
    await page.waitForURL('**/cameras')
    await says('Yard')
    expect(await page.getByText('Office').count()).toBe(0)
    const places = page.getByRole('navigation', { name: 'Main' }).first().getByRole('link')
    expect(await places.allInnerTexts()).toEqual(['Live', 'Cameras'])
    expect(await menuOf()).toEqual(['Profile', 'Sign out'])
    await page.goto('/users')
    await says('Only an administrator may do this.')
    await takePicture(page, 'accounts-viewer')
    expect(viewer.complaints).toEqual([])
    page = admin
  })

  test('R9 a password that was given too long ago is asked for again, and the action goes on', async () => {
    // Time cannot be turned in the real program, so the answer of the first try is.
    let refusals = 1
    await page.route('**/api/users/*', async (route) => {
      if (route.request().method() !== 'PATCH' || refusals-- <= 0) return route.continue()
      return route.fulfill({
        status: 401,
        json: { code: 'reauthentication_required', message: 'Give your password again to do this.', requestId: 'r' },
      })
    })
    await page.getByRole('link', { name: 'bruno' }).click()
    await page.getByRole('checkbox', { name: /^Replay/ }).check()
    await button('Save').click()
    await says('Is it still you?')
    await fill('Your password', adminPassword)
    await button('Go on').click()
    await says('bruno is saved.')
    await page.goto('/users')
    await says('Yard: View, Replay')
  })

  test('R3 the administrator ends the sessions of the viewer', async () => {
    await button('Actions for bruno').click()
    await page.getByRole('menuitem', { name: 'End all sessions' }).click()
    await says('bruno is signed out everywhere.')
  })

  test('R8 an API token is shown once, works, and is ended', async () => {
    await page.goto('/profile')
    await button('Make a token').click()
    await page.getByRole('dialog').getByLabel('Name').fill('A script')
    await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click()
    const token = (await page.locator('dialog code').textContent()) ?? ''
    const ask = () => fetch(`${vedette.url}/api/cameras`, { headers: { 'x-api-key': token } })
    expect((await ask()).status).toBe(200)
    await button('I have it').click()
    await button('End the token A script').click()
    await says('There are none.')
    expect((await ask()).status).toBe(401)
  })

  test('R24 the audit log tells all of it, and can be taken home', async () => {
    await page.goto('/audit')
    await page.getByRole('button', { name: 'User added' }).waitFor()
    await page
      .getByRole('button', { name: /^Wrong second factor/ })
      .first()
      .waitFor()
    await takePicture(page, 'accounts-audit')
    await page.getByLabel('What').selectOption({ label: 'API token made' })
    await page.getByRole('button', { name: 'API token made' }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'User added' }).count()).toBe(0)
    const download = page.waitForEvent('download')
    await button('Export').click()
    expect((await download).suggestedFilename()).toBe('vedette-audit.ndjson')
  })

  test('R4 a passkey is made and signs in', async () => {
    // Passkeys belong to a host name.
    const named = await openPage(browser, vedette.url.replace('127.0.0.1', 'localhost'))
    const admin = page
    page = named.page
    const device = await page.context().newCDPSession(page)
    await device.send('WebAuthn.enable')
    await device.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true },
    })
    await page.goto('/login?to=/profile')
    await signIn('anna', adminPassword)
    await button('Use a recovery code').click()
    await fill('Recovery code', codes[2] ?? '')
    await button('Sign in').click()
    await button('Add a passkey').click()
    await page.getByRole('dialog').getByLabel('Name').fill('This laptop')
    await fill('Your password', adminPassword)
    await button('Add the passkey').click()
    await says('For localhost')
    await takePicture(page, 'accounts-passkey')
    await signOut()
    await signIn('anna', adminPassword)
    await button('Use a passkey').click()
    await page.waitForURL('**/live')
    expect(named.complaints).toEqual([])
    page = admin
    // A new factor ends the sessions that were opened under the old ones, and the trust in devices.
    await page.goto('/users')
    await page.waitForURL('**/login?to=%2Fusers')
    await signIn('anna', adminPassword)
    await button('Use a recovery code').click()
    await fill('Recovery code', codes[3] ?? '')
    await button('Sign in').click()
    await page.waitForURL('**/users')
  })

  test('R4 a role that must have a second factor leads to setting one up', async () => {
    await page.goto('/users')
    await page.getByRole('switch', { name: 'All viewers' }).click()
    await expect.poll(() => page.getByRole('switch', { name: 'All viewers' }).isChecked()).toBe(true)
    const viewer = await openPage(browser, vedette.url)
    const admin = page
    page = viewer.page
    await page.goto('/login')
    await signIn('bruno', viewerPassword)
    await says('Set up a second factor')
    await fill('Your password', viewerPassword)
    await button('Go on').click()
    const own = ((await page.locator('main code').textContent()) ?? '').replaceAll(' ', '')
    await fill('Code from the app', totp(own, stepNow()))
    await button('Switch it on').click()
    await button('I have put them away').click()
    await page.getByRole('navigation', { name: 'Main' }).first().waitFor()
    expect(viewer.complaints).toEqual([])
    page = admin
  })

  test('R11 met no console error and no refused policy', () => {
    expect(complaints).toEqual([])
  })
})
