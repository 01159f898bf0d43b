/** Everything that a run of tests puts into the system's temporary folder lies in one of its own, which goes with the run. */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** For what outlives a run, or is of use to the next one: clips that took seconds to draw, the database that ends itself. */
export const outlivingFolder = () => process.env.VEDETTE_TESTS_OUTLIVING ?? tmpdir()

/** Names this run of tests, or this process outside of one. Process ids come again: in containers that share a folder at once. */
export const runName = process.env.VEDETTE_TESTS_RUN ?? randomBytes(6).toString('hex')

/** Runs before the first worker starts: all inherit it. */
export default function setUp(): () => void {
  const before = process.env.TMPDIR
  const outer = tmpdir()
  const folder = mkdtempSync(join(outer, 'vedette-tests-'))
  // PostgreSQL and what root starts as another user work in there, too.
  chmodSync(folder, 0o755)
  process.env.TMPDIR = folder
  process.env.VEDETTE_TESTS_OUTLIVING = outer
  process.env.VEDETTE_TESTS_RUN = runName
  return () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
