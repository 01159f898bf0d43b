import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requireNoControl, takeControl } from './control-lock.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vedette-control-'))
})
afterEach(() => rmSync(root, { recursive: true }))

test('a folder is made, taken and given back', async () => {
  const dataDir = join(root, 'data')
  const giveBack = await takeControl(dataDir)
  await requireNoControl(dataDir) // It is this process.
  await giveBack()
})

test('a folder that cannot be made is named, with what to do', async () => {
  writeFileSync(join(root, 'file'), '')
  const dataDir = join(root, 'file', 'data')
  await expect(takeControl(dataDir)).rejects.toMatchObject({
    code: 'bad_request',
    message: expect.stringMatching(new RegExp(`^The data folder ${dataDir} cannot be made.*--data`)),
  })
})

test('a file in the folder’s place is no folder', async () => {
  writeFileSync(join(root, 'data'), '')
  await expect(takeControl(join(root, 'data'))).rejects.toMatchObject({ code: 'bad_request' })
})
