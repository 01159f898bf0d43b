/** Every page in both themes, on a phone and a desktop: no barrier that axe finds, no complaint in the console, nothing wider than the screen. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../../support/axe.ts'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { answerFor, type House, openHouse } from '../../support/fake-answers.ts'
import { type FakeApi, openFakeApi } from '../../support/fake-api.ts'
import { fakeId } from '../../support/fake-house.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

interface Look {
  readonly name: string
  readonly path: string
  /** Something that is there once the page is complete. */
  readonly ready: string
  readonly house?: Partial<House>
  readonly act?: (page: Page) => Promise<void>
}

const looks: readonly Look[] = [
  {
    name: 'set-up',
    path: '/setup#code=ABCD',
    ready: 'text=One-time code',
    house: { isSetUp: false, isSignedIn: false },
  },
  {
    name: 'set-up closed',
    path: '/setup',
    ready: 'text=Set-up does not open',
    house: { isSetUp: false, isSignedIn: false, closedReason: 'There is footage here, but no database.' },
  },
  { name: 'sign in', path: '/login', ready: 'text=User name', house: { isSignedIn: false } },
  { name: 'live', path: '/live', ready: 'text=refuses the password' },
  { name: 'live with one large', path: `/live?camera=${fakeId(3)}`, ready: '[aria-pressed=true]' },
  { name: 'live without cameras', path: '/live', ready: 'text=No camera yet', house: { cameras: [] } },
  { name: 'timeline', path: '/timeline', ready: 'td:has-text("%")' },
  {
    name: 'timeline calendar',
    path: '/timeline',
    ready: 'td:has-text("%")',
    act: async (page) => {
      await page.locator('header button').first().click()
      await page.getByText('Today').waitFor()
    },
  },
  {
    name: 'kept events',
    path: '/timeline',
    ready: 'td:has-text("%")',
    act: async (page) => {
      await page.getByRole('button', { name: 'All events' }).click()
      await page.getByRole('menuitem', { name: 'Kept events' }).click()
      const kept = page.getByRole('dialog').getByRole('button', { name: 'Keep' })
      await kept.first().click()
      await page.getByText('not kept any more').waitFor()
      expect(await kept.first().getAttribute('aria-pressed')).toBe('false')
      // Its footage cannot be gone to, and no other camera's instead.
      const ofDeleted = page.getByRole('dialog').getByRole('button', { name: 'deleted camera' })
      expect(await ofDeleted.isDisabled()).toBe(true)
    },
  },
  {
    name: 'timeline while a disk does not answer',
    path: '/timeline',
    ready: 'text=what is being recorded now is not shown (',
    house: { isDiskStuck: true },
  },
  {
    name: 'timeline keys',
    path: '/timeline',
    ready: 'td:has-text("%")',
    act: async (page) => {
      await page.keyboard.press('?')
      await page.getByText('Keys of the timeline').waitFor()
    },
  },
  { name: 'cameras', path: '/cameras', ready: 'text=Front door' },
  {
    name: 'system status',
    path: '/status',
    ready: 'text=Machine',
    act: async (page) => {
      await page.getByText('As measured').click()
      await page.getByText('Tried to read the key').waitFor()
      await page.getByText('Signed by Vedette').waitFor()
    },
  },
  { name: 'cameras of a viewer', path: '/cameras', ready: 'text=Front door', house: { role: 'viewer' } },
  { name: 'no cameras', path: '/cameras', ready: 'text=No camera yet', house: { cameras: [] } },
  { name: 'add a camera', path: '/cameras/new', ready: 'text=Transport' },
  { name: 'general', path: `/cameras/${fakeId(1)}`, ready: 'text=Live view' },
  { name: 'connection', path: `/cameras/${fakeId(1)}?section=connection`, ready: 'text=Transport' },
  { name: 'recording', path: `/cameras/${fakeId(1)}?section=recording`, ready: 'text=Record sound' },
  {
    name: 'schedule',
    path: `/cameras/${fakeId(1)}?section=recording`,
    ready: 'text=Record sound',
    act: async (page) => {
      await page.getByText('By a schedule').click()
      await page.getByText('Time zone of all schedules').waitFor()
    },
  },
  { name: 'motion', path: `/cameras/${fakeId(1)}?section=motion`, ready: 'text=Zones' },
  { name: 'storage', path: '/storage', ready: 'text=What was deleted' },
  {
    name: 'rules',
    path: '/storage',
    ready: 'text=Change the rules',
    act: async (page) => {
      await page.getByText('Change the rules').click()
      await page.getByText('What these rules mean').waitFor()
    },
  },
  {
    name: 'delete',
    path: `/cameras/${fakeId(1)}`,
    ready: 'text=Live view',
    act: async (page) => {
      await page.getByRole('button', { name: 'Delete the camera' }).click()
      await page.getByText('of footage').first().waitFor()
    },
  },
]

const signIn = async (page: Page) => {
  await page.getByLabel('User name').fill('anna')
  await page.getByLabel('Password', { exact: true }).fill('four words and more')
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const accountLooks: readonly Look[] = [
  {
    name: 'second factor',
    path: '/login',
    ready: 'text=User name',
    house: { isSignedIn: false, hasSecondFactor: true },
    act: async (page) => {
      await signIn(page)
      await page.getByText('Code from your app').waitFor()
    },
  },
  {
    name: 'recovery code',
    path: '/login',
    ready: 'text=User name',
    house: { isSignedIn: false, hasSecondFactor: true },
    act: async (page) => {
      await signIn(page)
      await page.getByRole('button', { name: 'Use a recovery code' }).click()
      await page.getByText('One of the ten').waitFor()
    },
  },
  {
    name: 'forced enrolment',
    path: '/live',
    ready: 'text=Set up a second factor',
    house: { mustEnrol: true },
    act: async (page) => {
      await page.getByLabel('Your password').fill('four words and more')
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.getByRole('img', { name: 'QR code with the secret' }).waitFor()
    },
  },
  { name: 'profile', path: '/profile', ready: 'text=Home automation' },
  {
    name: 'recovery codes',
    path: '/profile',
    ready: 'text=Home automation',
    act: async (page) => {
      await page.getByRole('button', { name: 'Move to another phone' }).click()
      await page.getByLabel('Your password').fill('four words and more')
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.getByLabel('Code from the app').fill('123456')
      await page.getByRole('button', { name: 'Switch it on' }).click()
      await page.getByText('they are shown this once').waitFor()
    },
  },
  {
    name: 'fresh password',
    path: '/profile',
    ready: 'text=Home automation',
    act: async (page) => {
      await page.getByRole('button', { name: 'Make a token' }).first().click()
      await page.getByRole('dialog').getByLabel('Name').fill('A script')
      await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click()
      await page.getByText('Is it still you?').waitFor()
    },
  },
  { name: 'users', path: '/users', ready: 'text=API tokens of all users' },
  { name: 'add a user', path: '/users/new', ready: 'text=Must have a second factor' },
  { name: 'user', path: `/users/${fakeId(801)}`, ready: 'text=Line 2' },
  {
    name: 'role',
    path: '/users',
    ready: 'text=API tokens of all users',
    act: async (page) => {
      await page.getByRole('button', { name: 'Change Gate keeper' }).click()
      await page.getByText('Hear what its microphone hears').waitFor()
    },
  },
  { name: 'audit log', path: '/audit', ready: 'role=button[name="Footage viewed"]' },
  {
    name: 'audit entry',
    path: '/audit',
    ready: 'role=button[name="Footage viewed"]',
    act: async (page) => {
      await page.getByRole('button', { name: 'Camera changed' }).first().click()
      await page.getByText('keepDays').first().waitFor()
    },
  },
]

/** Each theme and each layout once: contrast does not depend on the layout, nor the layout on the theme. */
const screens = [
  { screen: 'phone', colorScheme: 'light', viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
  { screen: 'desktop', colorScheme: 'dark', viewport: { width: 1440, height: 900 }, isMobile: false, hasTouch: false },
] as const

describe.skipIf(browserMissing)('pages', () => {
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

  describe.each(screens)('on a $screen in $colorScheme', ({ screen, ...device }) => {
    test.each([...looks, ...accountLooks])('$name has no barriers', async ({ name, path, ready, house: part, act }) => {
      house = openHouse(part)
      const { page, complaints } = await openPage(browser, api.url, { ...device, reducedMotion: 'reduce' })
      await page.goto(path)
      await page.locator(ready).first().waitFor()
      await act?.(page)
      await takePicture(page, `${name.replaceAll(' ', '-')}-${screen}`)
      expect(await findBarriers(page)).toEqual([])
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        device.viewport.width,
      )
      expect(complaints).toEqual([])
      await page.context().close()
    })
  })
})
