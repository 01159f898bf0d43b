/**
 * The way of a new user through every page but live and timeline: Chromium against the real program and a camera.
 * One story in steps; each goes on where the one before ended. No console error and no refused policy on the way.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SimulatedCamera } from '../../cameras/simulated-camera.ts'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const password = 'four words and more'
const cameraPassword = 'p@ss/word'

describe.skipIf(browserMissing)('a new user', () => {
  let dataDir: string
  let vedette: RunningVedette
  let camera: SimulatedCamera
  let browser: Browser
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'vedette-story-'))
    const auth = { scheme: 'digest', username: 'admin', password: cameraPassword } as const
    ;[vedette, camera, browser] = await Promise.all([
      RunningVedette.open({ dataDir }),
      SimulatedCamera.open({
        auth,
        main: { width: 640, height: 360, kbitPerS: 800 },
        sub: { width: 320, height: 180 },
      }),
      openBrowser(),
    ])
    ;({ page, complaints } = await openPage(browser, vedette.url, { viewport: { width: 1440, height: 900 } }))
    page.setDefaultTimeout(20_000)
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
    await camera?.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  // A step stands on the one before: after a failure the rest has nothing to say.
  let failed = false
  beforeEach((context) => {
    if (failed) context.skip()
    context.onTestFailed(async () => {
      failed = true
      await takePicture(page, 'story-failed')
    })
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const save = async () => {
    await button('Save').click()
    await expect.poll(() => button('Save').count()).toBe(0)
    await says('Back yard is saved.')
  }
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor()

  test('R1 is led to set-up, and a wrong code makes no administrator', async () => {
    await page.goto('/')
    await page.waitForURL('**/setup')
    await page.getByLabel('One-time code').fill('WRONG')
    await page.getByLabel('User name').fill('anna')
    await page.getByLabel('Password', { exact: true }).fill('too short')
    await button('Create the administrator').click()
    await says('A password has at least 12 characters.')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await button('Create the administrator').click()
    await says('That is not the code on the console.')
  })

  test('R1 the link from the console fills in the code, which then leaves the address', async () => {
    const code = /#code=(\S+)/.exec(vedette.output())?.[1] ?? ''
    await page.goto(`/setup#code=${code}`)
    await expect.poll(() => page.getByLabel('One-time code').inputValue()).toBe(code)
    await expect.poll(() => page.url()).not.toContain('code')
    await page.getByLabel('User name').fill('anna')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await takePicture(page, 'story-set-up')
    await button('Create the administrator').click()
    await says('Add the first camera')
  })

  test('adds a camera from a pasted address, after the camera said what was wrong', async () => {
    const host = `127.0.0.1:${camera.port}`
    await page.getByLabel('Address', { exact: true }).fill(`rtsp://admin:wrong@${host}/main`)
    await button('Look at it').click()
    expect(await page.getByLabel('Address', { exact: true }).inputValue()).toBe(`rtsp://${host}/main`)
    expect(await page.getByLabel('User name').inputValue()).toBe('admin')
    expect(await page.getByLabel('Password', { exact: true }).getAttribute('type')).toBe('password')
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(cameraPassword)
    await button('Look again').click()
    await says('The camera answers.')
    await says('640 × 360')
    await page.getByRole('img', { name: "The camera's picture" }).waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Yard')
    await page.getByLabel('Address of the sub stream').fill(`rtsp://${host}/sub`)
    await button('Look at the sub stream').click()
    await says('320 × 180')
    await takePicture(page, 'story-add')
    await button('Add the camera').click()
    await page.waitForURL('**/live')
  })

  test('sees the camera online and recording', async () => {
    await page.goto('/cameras')
    await says('Online')
    await says('Recording')
    await says(/H\.264.*640 × 360/)
    await page.getByRole('img', { name: 'Yard, latest picture' }).first().waitFor()
    await takePicture(page, 'story-cameras')
  })

  test('changes settings, is told what saving interrupts, and finds them saved', async () => {
    await page.getByRole('link', { name: 'Yard' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('Back yard')
    await says('Saving takes effect at once')
    await page.getByRole('tab', { name: 'Recording' }).click()
    await page.getByLabel('Keep footage for').fill('14')
    await page.getByLabel('When something happens').check()
    await says('Saving reconnects this camera')
    await save()
    await page.reload()
    await expect.poll(() => page.getByLabel('Keep footage for').inputValue(), { timeout: 15_000 }).toBe('14')
    await page.getByLabel('Always').check()
    await save()
  })

  test('draws a zone with the mouse and mends it with the keyboard', async () => {
    await page.getByRole('tab', { name: 'Motion' }).click()
    await button('Draw a zone').click()
    const area = await button(/Picture to draw on/).boundingBox()
    if (!area) throw new Error('there is no picture to draw on')
    const corners = [
      [0.2, 0.2],
      [0.8, 0.2],
      [0.8, 0.8],
    ] as const
    for (const [x, y] of corners) await page.mouse.click(area.x + x * area.width, area.y + y * area.height)
    await button('Finish the zone').click()
    // A mouse clicks on whole pixels: 20 % of the picture, or a tenth beside it.
    const leftOf = async () =>
      Number(/([\d.]+)% from the left/.exec((await point.getAttribute('aria-label')) ?? '')?.[1])
    const point = button(/Zone 1: point 1 of 3, /)
    await point.focus()
    const before = await leftOf()
    expect(Math.abs(before - 20)).toBeLessThan(0.5)
    await page.keyboard.press('Shift+ArrowLeft')
    await expect.poll(leftOf).toBeCloseTo(before - 5, 0)
    await page.getByLabel('Name of the zone').fill('Path')
    await save()
    await takePicture(page, 'story-zone')
    await page.reload()
    await expect.poll(() => page.getByLabel('Name of the zone').inputValue(), { timeout: 15_000 }).toBe('Path')
  })

  test('is asked before unsaved changes are left behind', async () => {
    await page.getByLabel('Name of the zone').fill('Something else')
    await page.getByRole('link', { name: 'Storage' }).first().click()
    await button('Stay here').click()
    await page.getByRole('link', { name: 'Storage' }).first().click()
    await button('Leave without saving').click()
    await page.waitForURL('**/storage')
  })

  test('sees what the footage takes and simulates a limit before saving it', async () => {
    await expect.poll(() => page.getByRole('table').first().textContent(), { timeout: 90_000 }).toMatch(/Back yard/)
    await button('Change the rules').click()
    await page.getByRole('switch', { name: 'Limit' }).click()
    await page.getByLabel('At most').fill('50')
    await says('What these rules mean')
    await takePicture(page, 'story-storage')
    await button('Save').click()
    await says(/Footage may take 50 GB/)
  })

  test('R3 signs out, is refused a wrong password in plain words, and comes back to the page asked for', async () => {
    await button('Account').click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/login')
    await page.goto('/storage')
    await page.waitForURL('**/login?to=%2Fstorage')
    await page.getByLabel('User name').fill('anna')
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await button('Sign in').click()
    await says('The user name or the password is wrong.')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await button('Sign in').click()
    await page.waitForURL('**/storage')
    await says('Back yard')
  })

  test('R3 is led to the login page when the session ends elsewhere', async () => {
    await page.request.post('/api/logout', { data: {} })
    await page.waitForURL('**/login?to=%2Fstorage')
    await page.getByLabel('User name').fill('anna')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await button('Sign in').click()
    await page.waitForURL('**/storage')
  })

  test('is told that the server is gone and that it is back', async () => {
    const { port } = new URL(vedette.url)
    await vedette.stop()
    await says(/Connection lost/)
    await takePicture(page, 'story-lost')
    vedette = await RunningVedette.open({ dataDir, args: ['--port', port] })
    await says('Connected again.')
    await expect.poll(() => page.getByText(/Connection lost/).count()).toBe(0)
  })

  test('deletes the camera with its footage', async () => {
    await page.goto('/cameras')
    await button('Actions for Back yard').click()
    await page.getByRole('menuitem', { name: 'Delete the camera' }).click()
    await says(/It holds .* of footage/)
    await page.getByLabel('Delete the footage now').check()
    await takePicture(page, 'story-delete')
    await button(/^Delete the camera and/).click()
    await says('No camera yet')
  })

  test('R11 met no console error and no refused policy', () => {
    expect(complaints).toEqual([])
  })
})
