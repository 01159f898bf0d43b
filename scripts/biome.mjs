// Runs the pinned formatter and linter with the given arguments.
import { spawnSync } from 'node:child_process'
import { biome } from './pinned-node.mjs'

process.exitCode = spawnSync(biome(), process.argv.slice(2), { stdio: 'inherit' }).status ?? 1
