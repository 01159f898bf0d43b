/**
 * bench/results.md: one section per part with its command and its machine's load. A run replaces the sections that it
 * measured and leaves the others; the list of targets at the top is made from all of them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeMachine, readCommit } from './machine.ts'
import { judge, type Section } from './section.ts'

const path = join(import.meta.dirname, 'results.md')
const head = `# Results of the bench

Made by \`npm run bench\`; each table names the command that measures it again. What a part could not measure, it says.

## Targets
`

export function writeResults(sections: readonly Section[], load: { before: number; after: number }): void {
  const texts = existsSync(path) ? readSections(readFileSync(path, 'utf8')) : new Map<string, string>()
  for (const section of sections) texts.set(section.title, sectionText(section, load))
  const judged = [...texts].flatMap(([title, text]) =>
    [...text.matchAll(/^- (met|MISSED|not measured): .*$/gm)].map(([line]) => `${line} — ${title}`),
  )
  const body = [...texts].map(([title, text]) => `## ${title}\n\n${text.trim()}\n`)
  writeFileSync(path, `${head}\n${judged.join('\n')}\n\n${body.join('\n')}`)
}

/** Texts of the sections by title, without the list of targets. */
function readSections(page: string): Map<string, string> {
  const parts = page.split(/^## /m).slice(1)
  return new Map(
    parts
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)] as const)
      .filter(([title]) => title !== 'Targets'),
  )
}

function sectionText(section: Section, load: { before: number; after: number }): string {
  const columns = [...new Set(section.rows.flatMap((row) => Object.keys(row)))]
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const table = [
    line(columns),
    line(columns.map((column) => (typeof section.rows[0]?.[column] === 'number' ? '---:' : '---'))),
    ...section.rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
  ]
  return [
    `\`${section.command}\``,
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${readCommit()}, ${describeMachine()}, load ${load.before} before and ${load.after} after.`,
    section.rows.length > 0 ? table.join('\n') : '',
    section.targets.map((target) => `- ${judge(target)}`).join('\n'),
    section.notes.map((note) => `- ${note}`).join('\n'),
  ]
    .filter((text) => text !== '')
    .join('\n\n')
}
