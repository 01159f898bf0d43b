import { existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder, makeFolderPath } from './make-folder.ts'

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

test('a path of folders is made, and found again', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'vedette-path-')), 'a', 'b', 'c')
  await makeFolderPath(path)
  await makeFolderPath(path)
  expect(statSync(path)).toMatchObject({ mode: 0o40700 })
})

test('a file in the way of a path is named', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'vedette-path-')), 'file')
  writeFileSync(file, '')
  await expect(makeFolderPath(file)).rejects.toThrow(/EEXIST/)
  await expect(makeFolderPath(join(file, 'a', 'b'))).rejects.toThrow(/ENOTDIR/)
})

test.runIf(existsSync('/proc/self'))('where no folder can be made it ends, and says so', async () => {
  await expect(makeFolderPath('/proc/vedette/footage')).rejects.toMatchObject({ code: 'ENOENT' })
})
