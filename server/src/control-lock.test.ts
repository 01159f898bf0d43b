import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
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

/**
 * Processes that are loaded, wait for a word, and take the folder then; each tells whether it has it and keeps it until it is killed.
 * `slow`: its disk needs a while for each change.
 */
async function contenders(dataDir: string, count: number) {
  const program = `
    import fs from 'node:fs/promises'
    import { syncBuiltinESMExports } from 'node:module'
    const isSlow = process.argv[2] === 'slow'
    const wait = () => isSlow && new Promise((resolve) => setTimeout(resolve, 150))
    for (const name of ['rm', 'rename', 'link']) {
      const real = fs[name]
      fs[name] = async (...args) => (await wait(), real(...args))
    }
    syncBuiltinESMExports()
    const { takeControl } = await import(${JSON.stringify(join(import.meta.dirname, 'control-lock.ts'))})
    process.stdout.write('loaded ')
    process.stdin.once('data', async () => {
      process.stdout.write(await takeControl(process.argv[1]).then(() => 'has it', (error) => error.code))
    })`
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program, dataDir]
  const children = Array.from({ length: count }, (_, i) =>
    spawn(process.execPath, [...flags, i % 2 ? 'slow' : 'quick'], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL')
  })
  await Promise.all(children.map((child) => once(child.stdout, 'data')))
  return {
    children,
    take: async (some: readonly ChildProcess[]) => {
      const answers = some.map(async (child) => String((await once(child.stdout ?? process.stdin, 'data'))[0]))
      for (const child of some) child.stdin?.write('now')
      return Promise.all(answers)
    },
  }
}

test('of processes that want a folder at once, after a dead one, one gets it; when that one is killed another one may', async () => {
  writeFileSync(join(root, 'control.lock'), '{"pid":4194303,"startTicks":"17"}')
  const { children, take } = await contenders(root, 6)
  const answers = await take(children.slice(0, 5))
  expect(answers.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'conflict', 'has it'])
  const winner = children[answers.indexOf('has it')]
  expect(readFileSync(join(root, 'control.lock'), 'utf8')).toContain(`"pid":${winner?.pid}`)
  expect(readFileSync(join(root, 'control.held'), 'utf8')).toBe('')
  expect(existsSync(join(root, 'control.held-journal'))).toBe(false)
  winner?.kill('SIGKILL')
  if (winner) await once(winner, 'exit')
  expect(await take(children.slice(5))).toEqual(['has it'])
})

test('a process that cannot be seen, in another container, has it all the same', async () => {
  const { children, take } = await contenders(root, 1)
  expect(await take(children)).toEqual(['has it'])
  rmSync(join(root, 'control.lock')) // As if its id meant nothing here.
  await expect(takeControl(root)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('in another container'),
  })
})
