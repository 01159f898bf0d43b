/** The server's files without their types: run where they are whole and of this very file, made anew by control, never trusted otherwise. */
import { spawnSync } from 'node:child_process'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serverFlags } from '../../scripts/server-flags.mjs'

let project = ''

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'vedette-stripped-'))
  mkdirSync(join(project, 'node_modules'))
  for (const name of ['stripped-code.mjs', 'stripped-place.mjs', 'strip-types.mjs'])
    cpSync(join(import.meta.dirname, name), join(project, 'server/src', name))
  write('package.json', '{"type":"module"}')
  write('shared/src/word.ts', "export const word: string = 'first'\n")
  for (const name of ['main.ts', 'recorder-main.ts'])
    write(
      `server/src/${name}`,
      `import { word } from '../../shared/src/word.ts'
const parser: boolean = process.moduleLoadList.some((name: string) => name.includes('amaro'))
console.log(JSON.stringify({ word, parser, line: new Error('x').stack?.split('\\n')[1]?.match(/(\\w+\\.ts:\\d+)/)?.[1] }))
`,
    )
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

function write(place: string, text: string): void {
  mkdirSync(dirname(join(project, place)), { recursive: true })
  writeFileSync(join(project, place), text)
}

const copyOf = (place: string) => join(project, 'node_modules/.cache/vedette-code', `${place}.js`)

function run(name: 'main' | 'recorder-main'): unknown {
  const flags = ['--disable-warning=ExperimentalWarning', `--import=${join(project, 'server/src/stripped-code.mjs')}`]
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, join(project, `server/src/${name}.ts`)], {
    encoding: 'utf8',
    env: {},
  })
  return stdout === '' ? stderr : JSON.parse(stdout)
}

test('control has copies made and runs without the parser; lines stay where they are', () => {
  expect(run('main')).toEqual({ word: 'first', parser: false, line: 'main.ts:3' })
  expect(readFileSync(copyOf('shared/src/word.ts'), 'utf8')).not.toContain(': string')
  expect(run('recorder-main')).toMatchObject({ word: 'first', parser: false })
})

test('a file that changed is never run as it was', () => {
  run('main')
  write('shared/src/word.ts', "export const word: string = 'other'\n")
  expect(run('recorder-main')).toMatchObject({ word: 'other', parser: true })
  expect(run('main')).toMatchObject({ word: 'other', parser: false })
})

test.each([
  ['empty', () => ''],
  ['cut off', (copy: string) => copy.slice(0, 10)],
  ['written into', (copy: string) => copy.replace('first', 'wrong')],
  ['without its seal', (copy: string) => copy.slice(0, copy.lastIndexOf('\n'))],
])('a copy that is %s is not run, and control has it made anew', (_, spoil) => {
  run('main')
  const copy = copyOf('shared/src/word.ts')
  const whole = readFileSync(copy, 'utf8')
  writeFileSync(copy, spoil(whole))
  expect(run('recorder-main')).toMatchObject({ word: 'first', parser: true })
  expect(run('main')).toMatchObject({ word: 'first', parser: false })
  expect(readFileSync(copy, 'utf8')).toBe(whole)
})

test('only copies that are not whole are written anew', () => {
  run('main')
  const untouched = statSync(copyOf('server/src/main.ts')).ino
  write('shared/src/word.ts', "export const word: string = 'other'\n")
  expect(run('main')).toMatchObject({ word: 'other', parser: false })
  expect(statSync(copyOf('server/src/main.ts')).ino).toBe(untouched)
})

test('a file whose types cannot be taken out keeps no other from having its copy', () => {
  write('server/src/another.ts', 'export enum Unusable { one }\n')
  expect(run('main')).toMatchObject({ word: 'first', parser: false })
  expect(existsSync(copyOf('server/src/another.ts'))).toBe(false)
})

test.runIf(process.getuid?.() === 0)('root makes none in a tree of somebody else (needs root)', () => {
  chownSync(join(project, 'node_modules'), 65_534, 65_534)
  expect(run('main')).toMatchObject({ word: 'first', parser: true })
  expect(existsSync(copyOf('server/src/main.ts'))).toBe(false)
})

test('a child makes none, and does without', () => {
  expect(run('recorder-main')).toMatchObject({ word: 'first', parser: true })
  expect(existsSync(copyOf('shared/src/word.ts'))).toBe(false)
})

test('where none can be made, Node takes the types out', () => {
  rmSync(join(project, 'node_modules'), { recursive: true })
  writeFileSync(join(project, 'node_modules'), '')
  expect(run('main')).toMatchObject({ word: 'first', parser: true })
})

test('the server is started with it', () => {
  expect(serverFlags).toContain(`--import=${join(import.meta.dirname, 'stripped-code.mjs')}`)
})
