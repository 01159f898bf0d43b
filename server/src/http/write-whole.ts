/** Small private files that are there whole or not at all, whatever happens in the middle of writing. */
import { constants } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Not through a link, should somebody have put one there. */
const newOrOurs = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW

/** 0600, beside `path` first, then in its place. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, newOrOurs, 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  const folder = await open(dirname(path))
  await folder.sync().finally(() => folder.close())
}
