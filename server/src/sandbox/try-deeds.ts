/**
 * Tries from inside a process what it must not be able to do, and tells the system's answer. What works by mistake does no
 * harm: a file is opened and closed unread, a datagram socket gets a route and sends nothing, a program prints its version.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import type { TriedDeed } from '@vedette/shared/sandbox.ts'

export interface DeedsToTry {
  readonly keyPath: string
  readonly databasePath: string | null
  /** A file of the program. */
  readonly programPath: string
  /** The process that started it, as that one knows itself. */
  readonly parentId: number
}

/** Inside a box numbers begin anew; a low one could be our own there. */
const lowestParentId = 100

export function tryDeeds({ keyPath, databasePath, programPath }: DeedsToTry): TriedDeed[] {
  return [
    attempt('read_key', () => closeSync(openSync(keyPath, 'r'))),
    ...(databasePath === null ? [] : [attempt('read_database', () => closeSync(openSync(databasePath, 'r')))]),
    attempt('change_program', () => closeSync(openSync(programPath, 'r+'))),
  ]
}

/** Whether Node's permission model is on, for files at least. */
export function hasNodePermissions(): boolean {
  return process.permission !== undefined && !process.permission.has('fs.read', '/')
}

/** Signal 0 ends nobody: it only asks whether another could. */
export function trySignal({ parentId }: DeedsToTry): TriedDeed[] {
  return parentId < lowestParentId ? [] : [attempt('signal_parent', () => void process.kill(parentId, 0))]
}

export function tryProgram(node: string): TriedDeed {
  return attempt('start_program', () => {
    const { error } = spawnSync(node, ['--version'], { stdio: 'ignore', timeout: 2000 })
    if (error) throw error
  })
}

function attempt(deed: TriedDeed['deed'], act: () => void): TriedDeed {
  try {
    act()
    return { deed, refused: false, answer: 'it worked' }
  } catch (error) {
    return { deed, refused: true, answer: errorName(error) }
  }
}

export const errorName = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code).slice(0, 100) : String(error).slice(0, 100)
