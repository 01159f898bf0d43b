/**
 * Records of other processes in this one's log. A process that was taken over speaks for itself and whom it relays, and no more
 * than its share: what is beyond it is dropped, and how much that was is said.
 */
import pino from 'pino'
import { z } from 'zod'
import { systemClock } from './clock.ts'
import { LineBudget } from './line-budget.ts'
import type { Log } from './log.ts'
import { redact } from './redact.ts'

/** Vision hears strangers; the recorder tells of each camera that comes and goes. */
const shares: Readonly<Record<string, { burstBytes: number; bytesPerHour: number }>> = {
  vision: { burstBytes: 1_000_000, bytesPerHour: 200_000 },
}
const otherShare = { burstBytes: 6_000_000, bytesPerHour: 4_000_000 }
/** Dropped lines are told together. */
const tellEveryMs = 60_000

/** Of each log, by the process that speaks; a few names. */
const budgets = new WeakMap<object, Map<string, LineBudget>>()

/** Puts a record into the log, as it is but cleaned. What is no record comes in one, and so does one in somebody else's name. */
export function relayRecord(log: Log, name: string, line: string, others: readonly string[] = []): void {
  if (log.level === 'silent' || line.trim() === '') return
  // The stream behind a logger: pino offers it under this symbol only.
  const stream: unknown = Reflect.get(log, pino.symbols.streamSym)
  // One line: between its tokens JSON has room for others, which whoever reads the log would take for records of their own.
  const said = /^\{"level":\d+,"time":"[\d:.TZ-]+","name":"\w+",[^\r\n]*\n?$/.test(line) ? nameIn(line) : ''
  const isRecord = [name, ...others].includes(said) && hasWrite(stream)
  if (!mayWrite(log, stream, isRecord ? said : name, Buffer.byteLength(line))) return
  if (isRecord) stream.write(line.endsWith('\n') ? line : `${line}\n`)
  // Cleaned before it is cut, or the half of a secret at the cut would stay.
  else log.warn({ process: name, output: redact(line).slice(0, 2000) }, `${name} wrote to its console`)
}

function mayWrite(log: Log, stream: unknown, name: string, bytes: number): boolean {
  if (!hasWrite(stream)) return true
  const nowMs = systemClock.monotonicMs()
  const ofLog = budgets.get(stream) ?? new Map<string, LineBudget>()
  budgets.set(stream, ofLog)
  const budget = ofLog.get(name) ?? new LineBudget(shares[name] ?? otherShare, nowMs)
  ofLog.set(name, budget)
  if (budget.take(bytes, nowMs)) return true
  tellDropped(log, name, budget)
  return false
}

const telling = new WeakSet<LineBudget>()

/** At once, and then how many it were since. */
function tellDropped(log: Log, name: string, budget: LineBudget): void {
  if (telling.has(budget)) return
  telling.add(budget)
  const tell = () => {
    const dropped = budget.takeDropped()
    if (dropped > 0)
      log.warn({ process: name, dropped }, `${name} wrote more than its share of the log: lines were dropped`)
    return dropped
  }
  tell()
  const timer = setInterval(() => {
    if (tell() > 0) return
    clearInterval(timer)
    telling.delete(budget)
  }, tellEveryMs)
  timer.unref()
}

const hasWrite = (stream: unknown): stream is { write: (line: string) => void } =>
  typeof stream === 'object' && stream !== null && 'write' in stream && typeof stream.write === 'function'

const nameForm = z.object({ name: z.string() })

/** As a reader takes it: where a key comes twice, the last. Empty: no record. */
function nameIn(line: string): string {
  try {
    return nameForm.safeParse(JSON.parse(line)).data?.name ?? ''
  } catch {
    return ''
  }
}
