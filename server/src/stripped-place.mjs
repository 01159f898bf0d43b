/** Copies of the server's files without types: where they lie, and how it is known that one is whole and of this very file. */
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** With a slash at its end. */
export const project = fileURLToPath(new URL('../../', import.meta.url))
/** The simulated cameras are there for the demo; an installation may lack them. */
export const folders = ['server/src/', 'shared/src/', 'test/cameras/']

/**
 * Undefined for files that are none of the server's. Beside the packages: who can write there owns the code anyway.
 * @param {string} path
 */
export function placeOfCopy(path) {
  const place = path.slice(project.length)
  const isOurs = path.startsWith(project) && folders.some((folder) => place.startsWith(folder))
  return isOurs ? `${project}node_modules/.cache/vedette-code/${place}.js` : undefined
}

/**
 * The last line of a copy. Times of files would not do: packages come with the same ones whatever their version.
 * @param {string} source
 * @param {string} code
 */
export const sealOf = (source, code) => `\n//# ${hash('sha256', `${source}\0${code}`)}`

/**
 * Undefined where there is none of this very file.
 * @param {string} path
 */
export function readCopy(path) {
  const place = placeOfCopy(path)
  if (place === undefined) return undefined
  try {
    const source = readFileSync(path, 'utf8')
    const copy = readFileSync(place, 'utf8')
    const end = copy.lastIndexOf('\n')
    return copy.slice(end) === sealOf(source, copy.slice(0, end)) ? copy : undefined
  } catch {
    return undefined
  }
}
