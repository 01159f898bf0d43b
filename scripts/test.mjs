// `npm test`: installs what the tests need and runs everything. The last line counts: N passed, N failed, N skipped.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { auditPackages } from './audit.mjs'
import { installDebianPackages } from './debian-packages.mjs'
import { buildWebApp, installPackages, project } from './install.mjs'
import { biome, pinnedNode } from './pinned-node.mjs'

await installPackages()
installDebianPackages()
await buildWebApp()

const results = join(project, 'test-results')
mkdirSync(results, { recursive: true })
const totals = { passed: 0, failed: 0, skipped: 0 }
/** One text per failure, said again before the count: a log of a CI is often cut to its end. */
const failures = []

check('format and lint', biome(), ['check', '--error-on-warnings', '.'])
check('types: server', pinnedNode(), ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'])
check('types: web', pinnedNode(), ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'web'])
auditAloud()
for (const suite of ['unit', 'pipeline', 'browser']) runSuite(suite)

if (failures.length > 0) console.log(`\n== what failed ==\n${failures.join('\n\n')}\n`)
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
process.exit(totals.failed > 0 ? 1 : 0)

function check(title, command, args) {
  const run = spawnSync(command, args, { cwd: project, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  const isGood = run.status === 0
  totals[isGood ? 'passed' : 'failed'] += 1
  if (!isGood) failures.push(`${title}\n${shortened(`${run.stdout}${run.stderr}`)}`)
  console.log(`${isGood ? 'ok    ' : 'FAILED'} ${title}${isGood ? '' : `\n${run.stdout}${run.stderr}`}`)
}

function auditAloud() {
  const { state, text } = auditPackages()
  if (state === 'unreachable') console.log(`SKIPPED npm audit: this registry does not answer it (${text})`)
  else console.log(`${state === 'clean' ? 'ok    ' : 'FAILED'} npm audit ${text}`)
  if (state === 'found') failures.push(`npm audit ${text}`)
  totals[{ clean: 'passed', found: 'failed', unreachable: 'skipped' }[state]] += 1
}

function runSuite(suite) {
  const file = join(results, `${suite}.json`)
  rmSync(file, { force: true })
  console.log(`\n== ${suite} ==`)
  const run = spawnSync(
    pinnedNode(),
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      suite,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    { cwd: project, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  if (!existsSync(file)) {
    totals.failed += 1
    failures.push(`${suite}: no result (exit ${run.status})`)
    console.log(`FAILED ${suite}: no result (exit ${run.status})`)
    return
  }
  const counts = JSON.parse(readFileSync(file, 'utf8'))
  totals.passed += counts.numPassedTests
  totals.failed += counts.numFailedTests
  totals.skipped += counts.numPendingTests + counts.numTodoTests
  // A file that cannot be loaded, or an error outside a test, fails the run without a failed test.
  if (run.status !== 0 && counts.numFailedTests === 0) {
    totals.failed += 1
    failures.push(`${suite}: exit ${run.status} without a failed test (an error outside of one, above)`)
  }
  for (const tested of counts.testResults) sayFailuresOf(suite, tested)
}

/** @param {string} suite @param {{name: string, status: string, message: string, assertionResults: {status: string, fullName: string, failureMessages: string[]}[]}} tested one file's results as vitest's JSON reporter writes them */
function sayFailuresOf(suite, tested) {
  const failed = tested.assertionResults.filter((one) => one.status === 'failed')
  const file = relative(project, tested.name)
  for (const one of failed)
    failures.push(`${suite} ${file}: ${one.fullName}\n${shortened(one.failureMessages.join('\n'))}`)
  if (failed.length === 0 && tested.status === 'failed') failures.push(`${suite} ${file}\n${shortened(tested.message)}`)
}

/** @param {string} text @returns {string} its first 12 lines, indented */
function shortened(text) {
  return text
    .trim()
    .split('\n')
    .slice(0, 12)
    .map((line) => `  ${line.slice(0, 300)}`)
    .join('\n')
}
