/** What deletes footage asks for the password where it was given too long ago: real refusals of the real program, in both languages. */
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { openDatabase } from '../../../server/src/db/database.ts'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { adminPassword, RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const english = {
  ...{ change: 'Change the rules', reserve: 'Reserve', save: 'Save', saved: /^The rules of .* are saved\.$/ },
  ...{ remove: 'Delete the camera', now: 'Delete the footage now', removed: 'Yard was deleted.' },
  ...{ question: 'Is it still you?', password: 'Your password', goOn: 'Go on', actions: 'Actions for Yard' },
}
const german: typeof english = {
  ...{
    change: 'Regeln ändern',
    reserve: 'Reserve',
    save: 'Speichern',
    saved: /^Die Regeln von .* sind gespeichert\.$/,
  },
  ...{ remove: 'Kamera löschen', now: 'Aufnahmen jetzt löschen', removed: 'Yard ist gelöscht.' },
  ...{ question: 'Sind Sie es noch?', password: 'Ihr Passwort', goOn: 'Weiter', actions: 'Aktionen für Yard' },
}

describe.skipIf(browserMissing)('R9 in the browser', () => {
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

  async function longAgo() {
    const db = await openDatabase({ kind: 'sqlite', path: join(vedette.dataDir, 'vedette.db') })
    await db.updateTable('session').set({ proved_ms: 0 }).execute()
    await db.destroy()
  }

  test.each([
    ['en-GB', 'dark', 1440, english, '7'],
    ['de-DE', 'light', 360, german, '8'],
  ] as const)(
    '%s, %s: a smaller quota and deleted footage want the password',
    async (locale, colorScheme, width, words, percent) => {
      await vedette.addCamera({ name: 'Yard', address: 'rtsp://127.0.0.1:9/yard', enabled: false })
      const viewport = { width, height: 900 }
      const { page, complaints } = await openPage(browser, vedette.url, {
        cookie: vedette.cookie,
        locale,
        colorScheme,
        viewport,
      })
      const button = (name: string) => page.getByRole('button', { name, exact: true })
      const prove = async (picture: string) => {
        await page.getByText(words.question).waitFor()
        await takePicture(page, `fresh-${picture}-${width}`)
        await page.getByLabel(words.password, { exact: true }).fill(adminPassword)
        await button(words.goOn).click()
      }
      await longAgo()
      await page.goto('/storage')
      onTestFailed(() => takePicture(page, `fresh-failed-${width}`))
      await button(words.change).click()
      await page.getByLabel(words.reserve, { exact: true }).fill(percent)
      await button(words.save).click()
      await prove('rules')
      await page.getByText(words.saved).waitFor()

      await longAgo()
      await page.goto('/cameras')
      await button(words.actions).first().click()
      await page.getByRole('menuitem', { name: words.remove }).click()
      await page.getByText(words.now).click()
      await page.getByRole('dialog').getByRole('button', { name: words.remove }).click()
      await prove('camera')
      await page.getByText(words.removed).waitFor()
      expect(complaints).toEqual([])
      await page.context().close()
    },
  )
})
