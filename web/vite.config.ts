/** Builds the pages into web/dist, which the server hands out; `npm run dev` sends /api on to a running server. */
import { join } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressedTwins } from './compress.ts'

const server = 'http://127.0.0.1:8080'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), compressedTwins(join(import.meta.dirname, 'dist'))],
  build: {
    target: 'es2022',
    // The content security policy allows no data: addresses but for pictures.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    rolldownOptions: {
      // zod's chunk configures zod before any schema is made, whatever the order of the other chunks.
      output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod\/|zod-without-eval/ }] } },
    },
  },
  server: { proxy: { '/api': { target: server, ws: true } } },
})
