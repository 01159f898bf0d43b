import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toConfig } from '../config.ts'
import { verifyAuditCommand } from './audit-command.ts'
import { listCamerasCommand } from './cameras-command.ts'
import type { RunCommand } from './program.ts'
import { listUsersCommand, resetPasswordCommand, setupCommand } from './users-command.ts'
import { verifyCommand } from './verify-command.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function run(command: RunCommand, args: readonly string[] = []) {
  const said: string[] = []
  const session = {
    config: toConfig({}, folder),
    isJson: false,
    answer: () => {},
    say: (line: string) => said.push(line),
  }
  return { code: await command(session, {}, args), said: said.join('\n') }
}

test.each([verifyCommand, verifyAuditCommand, listCamerasCommand, listUsersCommand, resetPasswordCommand])(
  'a folder without a Vedette is told, and stays as it is (%o)',
  async (command) => {
    await expect(run(command, ['anna'])).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(folder),
    })
    expect(readdirSync(folder)).toEqual([])
  },
)

test('to have no footage is not called to have all of it', async () => {
  await run(setupCommand, ['Anna'])
  expect(await run(verifyCommand)).toEqual({ code: 0, said: 'There is no footage to check.' })
})
