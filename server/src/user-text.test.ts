/**
 * R17: no text from users or cameras reaches a command line, a pattern, SQL, code or a format string. Read from the sources: what
 * could take such a text is used only where the list says, each with the reason why none gets there.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = import.meta.dirname
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
)
const shared = readdirSync(join(root, '../../shared/src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => `../../shared/src/${file}`)

/** Comments may speak of anything. */
const codeOf = (file: string) =>
  readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')

interface Rule {
  readonly name: string
  readonly found: RegExp
  /** File -> why no text of a user or camera can be in it. */
  readonly allowed: Readonly<Record<string, string>>
  readonly bad: readonly string[]
  readonly good: readonly string[]
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are pieces of code.
const rules: readonly Rule[] = [
  {
    name: 'a pattern is a literal',
    found: /\bRegExp\s*\((?!\s*(?:'[^'\\]*(?:\\.[^'\\]*)*'|"[^"]*"|\/)\s*[,)])/g,
    allowed: {
      'http/transport-config.ts': 'put together from two constants of the same file',
      'sandbox/process-facts.ts': 'names of fields of /proc that the same file gives',
    },
    bad: ['new RegExp(text)', 'new RegExp(`^${name}$`)', 'RegExp(query.text, "i")'],
    good: ["new RegExp('^a$')", '/a+/.exec(text)'],
  },
  {
    name: 'programs are started by few files, never through a shell',
    found: /\bfrom '(?:node:)?child_process'/g,
    allowed: {
      'recorder-process.ts': 'a type',
      'vision/vision-process.ts': 'a type',
      'cli/sandbox-check.ts': 'a type',
      'sandbox/only-these-programs.ts': 'refuses all starts but those of a list',
      'sandbox/launcher.ts': 'our own Node, wrappers found at fixed places, paths of our own program',
      'sandbox/try-launches.ts': 'the same wrappers, tried with our own program',
      'sandbox/try-deeds.ts': 'our own Node with --version: whether that is forbidden',
      'become-user.ts': '/usr/bin/id with the name that the operator gave on the command line, behind --',
      'cli/start-command.ts': 'the simulated cameras of the demo',
    },
    bad: ["import { exec } from 'node:child_process'"],
    good: ["import type { X } from './child_process.ts'"],
  },
  {
    name: 'no shell',
    found:
      /\bshell:\s*(?!false)|\b(?:import|const)\s*\{[^}]*\bexec(?:Sync)?\b[^}]*\}\s*(?:from|=)|(?<![\w.])exec(?:Sync)?\(/g,
    allowed: {},
    bad: ['spawn(a, { shell: true })', "import { execSync } from 'node:child_process'", 'exec(`ls ${x}`)'],
    good: ['/a/.exec(text)', 'this.db.exec(x)'],
  },
  {
    name: 'SQL is text of ours; values are parameters',
    found: /\bsql\s*\.(?:raw|lit|literal|ref|table|id|column)\b|\bsql\s*\(|\bCompiledQuery\.raw\b/g,
    allowed: {
      'secrets/rotate-key-store.ts': 'names of lib/sealed-columns.ts',
      'record/retention-store.ts': 'names of the same file',
      'db/migrations/0005-event-hours.ts': 'constants',
      'db/migrations/0007-audit.ts': 'the words update and delete',
    },
    bad: ['sql.raw(`select ${x}`)', 'sql.lit(name)'],
    good: ['sql`select ${x}`'],
  },
  {
    name: 'no text is run as code',
    found: /\beval\(|\bnew Function\(|\bFunction\(|\bfrom '(?:node:)?vm'|\bimport\((?!\s*'|\s*import\.)/g,
    allowed: {},
    bad: ['eval(text)', 'new Function("a", body)', 'await import(path)', "import vm from 'node:vm'"],
    good: ["await import('./x.ts')", 'evaluate(x)'],
  },
  {
    name: 'a format string is a literal',
    found:
      /\blog\.(?:trace|debug|info|warn|error|fatal)\(\s*(?:`|[a-z]\w*(?:\.\w+)*\s*\))|\b(?:format|formatWithOptions)\b[^'\n]*from '(?:node:)?util'|\bconsole\.\w+\(/g,
    allowed: {},
    bad: ['log.info(text)', 'log.warn(`camera ${name}`)', 'log.error(error.message)', 'console.log(x)'],
    good: ["log.info({ name }, 'camera')", "log.info('camera')", "log.info(report, 'done')"],
  },
  {
    name: 'FFmpeg gets no filter graph and no options from outside',
    found: /\b(?:FilterGraph|avfilter|filtergraph|parsePtr)\w*/gi,
    allowed: {},
    bad: ['new FilterGraph()', 'avfilterGraphParse(text)'],
    good: ['filter(text)'],
  },
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: up to here.

test.each(rules)('R17 $name', ({ found, allowed }) => {
  const using = [...sources, ...shared].filter((file) => codeOf(file).match(found) !== null)
  expect(using.filter((file) => !(file in allowed))).toEqual([])
})

test.each(rules)('R17 the check can fail: $name', ({ found, bad, good }) => {
  for (const code of bad) expect(code.match(found), code).not.toBeNull()
  for (const code of good) expect(code.match(found), code).toBeNull()
})

test('R17 the list of exceptions names only files that need one', () => {
  const needless = rules.flatMap(({ name, found, allowed }) =>
    Object.keys(allowed)
      .filter((file) => !sources.includes(file) || codeOf(file).match(found) === null)
      .map((file) => `${name}: ${file}`),
  )
  expect(needless).toEqual([])
})
