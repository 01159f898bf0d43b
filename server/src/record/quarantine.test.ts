import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listQuarantine, quarantine } from './quarantine.ts'

let root = ''
const list = () => join(root, '.quarantine/list.ndjson')
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vedette-quarantine-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('R16 lists what was moved, whatever else stands in the list', async () => {
  writeFileSync(join(root, 'one'), 'x')
  writeFileSync(join(root, 'two'), 'x')
  await quarantine(root, 'one', 'no footage', 1)
  appendFileSync(list(), '{broken}\n{"name":{}}\n\u0000}\nnull\n[]\n{"__proto__":{"name":"x"}}\n{"name":"cut')
  appendFileSync(list(), '\n')
  await quarantine(root, 'two', 'no footage', 2)
  expect((await listQuarantine(root)).map((entry) => entry.from)).toEqual(['one', 'two'])
})

test('R38 reads only the end of a list that something has grown', async () => {
  writeFileSync(join(root, 'one'), 'x')
  await quarantine(root, 'one', 'no footage', 1)
  appendFileSync(list(), `${'x'.repeat(8 * 1024 * 1024)}\n`)
  const entry = { name: 'n', from: 'last', why: 'w', atMs: 3 }
  appendFileSync(list(), `${JSON.stringify(entry)}\n`)
  expect(await listQuarantine(root)).toEqual([entry])
})
