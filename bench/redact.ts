/** How long a log line of 5 MB takes to lose its secrets: `node bench/redact.ts`. Median and longest of nine, milliseconds. */
import { randomBytes } from 'node:crypto'
import { redact, rememberSecret } from '../server/src/lib/redact.ts'

const record =
  '{"level":30,"camera":"01JABC","msg":"the camera refuses the password","url":"rtsp://10.0.0.9:554/main"} '
const lines = {
  'base64 of noise': randomBytes(3_750_000).toString('base64'),
  'log records': record.repeat(Math.ceil(5e6 / record.length)),
  'full of secrets': 'password=://a@b token: "x" '.repeat(185_000),
}
for (const cameras of [8, 256]) {
  for (let n = 0; n < cameras; n++) rememberSecret(randomBytes(12).toString('base64url'))
  redact('') // Makes the table.
  for (const [name, line] of Object.entries(lines)) {
    const times: number[] = []
    for (let run = 0; run < 9; run++) {
      const startedMs = performance.now()
      redact(line)
      times.push(performance.now() - startedMs)
    }
    times.sort((a, b) => a - b)
    const [median, longest] = [times[4] ?? 0, times[8] ?? 0]
    process.stdout.write(
      `${cameras} passwords, ${(line.length / 1e6).toFixed(1)} MB, ${name}: ${median.toFixed(0)} (${longest.toFixed(0)})\n`,
    )
  }
}
