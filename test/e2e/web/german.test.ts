/**
 * Every page in German on the narrowest phone: longer words must not widen the page, be cut off in a button, or leave a text in
 * English. And the real program: who chooses a language and a picture keeps both.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { answerFor, type House, openHouse } from '../../support/fake-answers.ts'
import { type FakeApi, openFakeApi } from '../../support/fake-api.ts'
import { fakeId } from '../../support/fake-house.ts'
import { RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

interface Look {
  readonly name: string
  readonly path: string
  /** A text that is there once the page is complete. */
  readonly ready: string
  readonly house?: Partial<House>
  readonly press?: readonly string[]
}
const looks: readonly Look[] = [
  { name: 'set-up', path: '/setup', ready: 'Einmalcode', house: { isSetUp: false, isSignedIn: false } },
  { name: 'sign-in', path: '/login', ready: 'Benutzername', house: { isSignedIn: false } },
  { name: 'live', path: '/live', ready: 'lehnt das Passwort ab' },
  { name: 'timeline', path: '/timeline', ready: 'Aufgezeichnet' },
  { name: 'cameras', path: '/cameras', ready: 'Front door' },
  { name: 'add-camera', path: '/cameras/new', ready: 'Transport' },
  { name: 'general', path: `/cameras/${fakeId(1)}`, ready: 'Live-Ansicht' },
  { name: 'connection', path: `/cameras/${fakeId(1)}?section=connection`, ready: 'Transport' },
  { name: 'recording', path: `/cameras/${fakeId(1)}?section=recording`, ready: 'Ton aufzeichnen' },
  { name: 'motion', path: `/cameras/${fakeId(1)}?section=motion`, ready: 'Zonen' },
  { name: 'delete-camera', path: `/cameras/${fakeId(1)}`, ready: 'Live-Ansicht', press: ['Kamera löschen'] },
  { name: 'storage', path: '/storage', ready: 'Was gelöscht wurde' },
  { name: 'profile', path: '/profile', ready: 'Home automation' },
  { name: 'token', path: '/profile', ready: 'Home automation', press: ['Token machen'] },
  { name: 'forced-enrolment', path: '/live', ready: 'Zweiten Faktor einrichten', house: { mustEnrol: true } },
  { name: 'users', path: '/users', ready: 'API-Tokens aller Benutzer' },
  { name: 'add-user', path: '/users/new', ready: 'Muss einen zweiten Faktor haben' },
  { name: 'user', path: `/users/${fakeId(801)}`, ready: 'Zeile 2' },
  { name: 'audit', path: '/audit', ready: 'Ältere zeigen' },
  { name: 'audit-check', path: '/audit', ready: 'Ältere zeigen', press: ['Prüfen'] },
]
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const

/** Runs in the page: labels of buttons, links and fields that are wider than their box shows. */
const findCutOff = `[...document.querySelectorAll('button, a, label, th, option, h1, h2, h3')]
  .filter((one) => one.offsetParent && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible')
  .map((one) => one.textContent.trim().slice(0, 60))`

describe.skipIf(browserMissing)('German', () => {
  let browser: Browser
  let api: FakeApi
  let house = openHouse()

  beforeAll(async () => {
    browser = await openBrowser()
    api = await openFakeApi((request) => answerFor(house)(request))
  })
  afterAll(async () => {
    await browser?.close()
    await api?.close()
  })

  test.each(looks)('$name fits on a phone 360 px wide', async ({ name, path, ready, house: part, press = [] }) => {
    house = openHouse({ language: 'de', ...part })
    const { page, complaints } = await openPage(browser, api.url, {
      ...phone,
      locale: 'de-DE',
      reducedMotion: 'reduce',
    })
    page.setDefaultTimeout(15_000)
    await page.goto(path)
    await page.getByText(ready).first().waitFor()
    for (const label of press) await page.getByRole('button', { name: label }).first().click()
    await takePicture(page, `german-${name}`)
    expect(await page.evaluate<string>('document.documentElement.lang')).toBe('de')
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    expect(await page.evaluate<string[]>(findCutOff)).toEqual([])
    // A key shows itself where its text is missing.
    expect(await page.locator('body').textContent()).not.toMatch(
      /\b(audit|auth|cameras|common|live|profile|shell|storage|timeline|users)\.[a-z]+[.\w]*\b(?!\.mp4)/,
    )
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('the account’s language wins over the browser’s, and the browser’s is taken where the account has none', async () => {
    const spoken = async (language: House['language'], locale: string) => {
      house = openHouse({ language })
      const { page } = await openPage(browser, api.url, { locale })
      await page.goto('/profile')
      await page.getByText('Home automation').first().waitFor()
      const lang = () => page.evaluate<string>('document.documentElement.lang')
      await expect.poll(lang).toBe(language === 'auto' ? locale.slice(0, 2) : language)
      const heading = await page.locator('h1').first().textContent()
      await page.context().close()
      return heading
    }
    expect(await spoken('de', 'en-GB')).toBe('Profil')
    expect(await spoken('en', 'de-AT')).toBe('Profile')
    expect(await spoken('auto', 'de-AT')).toBe('Profil')
  })
})

describe.skipIf(browserMissing)('one’s own profile, against the real program', () => {
  let vedette: RunningVedette
  let browser: Browser
  beforeAll(async () => {
    ;[vedette, browser] = await Promise.all([RunningVedette.open(), openBrowser()])
    await vedette.setUp('anna')
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
  })

  const pictureOf = (page: Page) => page.locator('form img')

  test('a language and a picture are chosen once, and are there at the next sign-in', async () => {
    const { page, complaints } = await openPage(browser, vedette.url, { cookie: vedette.cookie })
    page.setDefaultTimeout(15_000)
    await page.goto('/profile')
    await page.getByLabel('Language').selectOption({ label: 'Deutsch' })
    await page.getByLabel('Opens first').selectOption({ label: 'Cameras' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Ihr Profil ist gespeichert.').waitFor()
    // A picture that is wider than high, drawn here.
    const png = await page.evaluate<string>(
      `(() => { const c = document.createElement('canvas'); c.width = 640; c.height = 320; const g = c.getContext('2d');
        g.fillStyle = 'teal'; g.fillRect(0, 0, 640, 320); return c.toDataURL('image/png').split(',')[1] })()`,
    )
    const file = { name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') }
    await page.locator('input[type=file]').setInputFiles(file)
    await expect.poll(() => page.evaluate<number>('document.querySelector("form img")?.naturalWidth ?? 0')).toBe(256)
    await page.locator('input[type=file]').setInputFiles({ ...file, buffer: Buffer.from('no picture') })
    await page.getByText('kann die Datei nicht als Bild lesen').waitFor()
    await takePicture(page, 'profile-own')
    expect(complaints).toEqual([])
    await page.context().close()

    const again = await openPage(browser, vedette.url, { cookie: vedette.cookie, locale: 'en-GB' })
    await again.page.goto('/')
    await again.page.waitForURL('**/cameras')
    await again.page.getByRole('heading', { name: 'Kameras' }).first().waitFor()
    await again.page.goto('/profile')
    await expect.poll(() => pictureOf(again.page).count()).toBe(1)
    await again.page.getByRole('button', { name: 'Entfernen', exact: true }).first().click()
    await expect.poll(() => pictureOf(again.page).count()).toBe(0)
    expect(again.complaints).toEqual([])
  })
})
