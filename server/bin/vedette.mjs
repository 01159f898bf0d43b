#!/usr/bin/env node
// `npx vedette <command>`: runs the command line on the Node that this project pins, whatever Node the machine has.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { pinnedNode } from '../../scripts/pinned-node.mjs'
import { serverEnvironment, serverFlags } from '../../scripts/server-flags.mjs'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const run = spawnSync(pinnedNode(), [...serverFlags, main, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...serverEnvironment },
})
process.exitCode = run.status ?? 1
