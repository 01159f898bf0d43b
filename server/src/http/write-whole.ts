/** Small private files that are there whole or not at all, whatever happens in the middle of writing. */
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** 0600, beside `path` first, then in its place. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600)
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
