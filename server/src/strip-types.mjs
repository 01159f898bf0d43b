/**
 * A program: makes a copy without types of each of the server's files that has no whole one (stripped-code.mjs). Then ends; with 1
 * where one could not be made.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname } from 'node:path'
import { folders, placeOfCopy, project, readCopy, sealOf } from './stripped-place.mjs'

for (const folder of folders.filter((name) => existsSync(project + name)))
  for (const name of readdirSync(project + folder, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(name)) strip(`${project}${folder}${name}`)

/**
 * Written beside its place and moved there: another start may be reading, or doing the same.
 * @param {string} path
 */
function strip(path) {
  const copy = placeOfCopy(path)
  if (copy === undefined || readCopy(path) !== undefined) return
  const draft = `${copy}.${process.pid}`
  try {
    const source = readFileSync(path, 'utf8')
    const code = stripTypeScriptTypes(source)
    mkdirSync(dirname(copy), { recursive: true })
    writeFileSync(draft, code + sealOf(source, code))
    renameSync(draft, copy)
  } catch {
    process.exitCode = 1
    rmSync(draft, { force: true })
  }
}
