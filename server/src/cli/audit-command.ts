/** `vedette audit verify|export`: the audit log without the server; it may run meanwhile. */
import { auditLines } from '../audit/audit-routes.ts'
import { verifyAudit } from '../audit/verify-audit.ts'
import { openKeyBeside } from '../secrets/key-check-store.ts'
import { openInstalled } from './open-footage.ts'
import type { RunCommand } from './program.ts'

export const verifyAuditCommand: RunCommand = async ({ config, say, answer }) => {
  const db = await openInstalled(config)
  try {
    const verdict = await verifyAudit(db, await openKeyBeside(db, config.keyPlace), config.dataDir)
    for (const problem of verdict.problems) say(problem)
    say(
      verdict.problems.length === 0
        ? `The audit log is whole: ${verdict.entries} entries.`
        : 'The audit log is not as it was left, or whether it is cannot be told.',
    )
    answer(verdict)
    return verdict.problems.length === 0 ? 0 : 1
  } finally {
    await db.destroy()
  }
}

/** Lines of JSON on standard output, with or without --json. */
export const exportAuditCommand: RunCommand = async ({ config }) => {
  const db = await openInstalled(config)
  try {
    for await (const line of auditLines(db)) process.stdout.write(line)
    return 0
  } finally {
    await db.destroy()
  }
}
