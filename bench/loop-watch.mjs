// Loaded into a measured process (NODE_OPTIONS=--import): writes ten times a second how long its event loop worked at most
// without coming round, in CPU time of its own thread, so that it does not matter what else the machine does.
import { appendFileSync } from 'node:fs'

const file = process.env.BENCH_LOOP_FILE
const cpuMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
if (file) {
  let last = cpuMs()
  let longest = 0
  setInterval(() => {
    const now = cpuMs()
    longest = Math.max(longest, now - last)
    last = now
  }, 1).unref()
  setInterval(() => {
    appendFileSync(file, `${Date.now()} ${longest.toFixed(1)}\n`)
    longest = 0
  }, 100).unref()
}
