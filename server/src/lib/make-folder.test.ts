import { mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

test('R18 makes folders, and none through a link', async () => {
  const root = mkdtempSync(join(tmpdir(), 'vedette-root-'))
  const outside = mkdtempSync(join(tmpdir(), 'vedette-outside-'))
  expect(await makeFolder(root, 'camera/day/10')).toBe(join(root, 'camera/day/10'))
  symlinkSync(outside, join(root, 'camera/day/11'))
  await expect(makeFolder(root, 'camera/day/11')).rejects.toThrow(/link/)
  mkdirSync(join(outside, 'day'))
  symlinkSync(join(outside, 'day'), join(root, 'linked'))
  await expect(makeFolder(root, 'linked/10')).rejects.toThrow(/link/)
  expect(readdirSync(outside)).toEqual(['day'])
})
