/** A gzip and a brotli twin beside each built file: the server sends the one that the browser takes, and compresses nothing itself. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

/** Fonts are compressed already. */
const worth = /\.(js|css|svg)$/
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }

export function compressedTwins(outDir: string): Plugin {
  return {
    name: 'compressed-twins',
    apply: 'build',
    async closeBundle() {
      const folder = join(outDir, 'assets')
      for (const file of (await readdir(folder)).filter((name) => worth.test(name))) {
        const bytes = await readFile(join(folder, file))
        await writeFile(join(folder, `${file}.gz`), await promisify(gzip)(bytes, { level: 9 }))
        await writeFile(join(folder, `${file}.br`), await promisify(brotliCompress)(bytes, brotliOptions))
      }
    },
  }
}
