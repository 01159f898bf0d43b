#!/usr/bin/env node
// `npx vedette <command>`: runs the command line on the Node that this project pins, whatever Node the machine has.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { pinnedNode } from '../../scripts/pinned-node.mjs'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const run = spawnSync(pinnedNode(), ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
process.exitCode = run.status ?? 1
