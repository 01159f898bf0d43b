// Known holes in the packages that users run (access.md R40). Many registries, mirrors among them, do not answer this
// question: then it says so, aloud, and that is no failure.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))

/** `{ state: 'clean' | 'found' | 'unreachable', text }` */
export function auditPackages() {
  const run = spawnSync(
    'npm',
    ['audit', '--package-lock-only', '--omit', 'dev', '--audit-level', 'high', '--json', '--fetch-timeout', '15000'],
    { cwd: project, encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
  )
  return judgeAudit(run.status, run.stdout ?? '')
}

/** From npm's exit code and answer. An answer without a count of holes is none. */
export function judgeAudit(status, stdout) {
  let answer
  try {
    answer = JSON.parse(stdout)
  } catch {
    answer = undefined
  }
  if (typeof answer?.metadata?.vulnerabilities?.total !== 'number')
    return { state: 'unreachable', text: String(answer?.message ?? 'no answer').slice(0, 200) }
  if (status === 0) return { state: 'clean', text: '' }
  const names = Object.values(answer.vulnerabilities ?? {}).map(({ name, severity }) => `${name} (${severity})`)
  return { state: 'found', text: names.join(', ') }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { state, text } = auditPackages()
  console.log(`npm audit: ${state}${text ? `: ${text}` : ''}`)
  process.exit(state === 'found' ? 1 : 0)
}
