import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { holdFile } from './hold-file.ts'

/** What the kernel's answer to a lock becomes: nothing in a test's machine lacks them. */
const kernel = vi.hoisted(() => ({ refuses: (_path: string): string | undefined => undefined }))
vi.mock('better-sqlite3', async (load) => {
  const { default: Real } = await load<{ default: typeof import('better-sqlite3') }>()
  class Sqlite extends Real {
    override exec(source: string): this {
      const code = kernel.refuses(this.name)
      if (code !== undefined) throw Object.assign(new Error(code), { code })
      return super.exec(source)
    }
  }
  return { default: Sqlite }
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-hold-'))
  kernel.refuses = () => undefined
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})
const path = () => join(folder, 'held')

test('a file that is held is taken, until it is given back', () => {
  const letGo = holdFile(path())
  expect(letGo).toBeTypeOf('function')
  expect(holdFile(path())).toBe('taken')
  expect(readdirSync(folder)).toEqual(['held'])
  if (typeof letGo === 'function') letGo()
  const again = holdFile(path())
  expect(again).toBeTypeOf('function')
  if (typeof again === 'function') again()
})

test('where no file can be locked (SQLite calls ENOLCK busy), nobody is said to hold this one', () => {
  kernel.refuses = () => 'SQLITE_BUSY'
  expect(holdFile(path())).toBe('not offered')
  expect(readdirSync(folder)).toEqual(['held'])
})

test('a file that is busy where others can be locked is taken', () => {
  kernel.refuses = (name) => (name === path() ? 'SQLITE_BUSY' : undefined)
  expect(holdFile(path())).toBe('taken')
  expect(readdirSync(folder)).toEqual(['held'])
})

test.each(['SQLITE_PERM', 'SQLITE_PROTOCOL', 'SQLITE_IOERR_LOCK'])('%s: locks are not offered', (code) => {
  kernel.refuses = () => code
  expect(holdFile(path())).toBe('not offered')
})
