/**
 * Starting makes tens of megabytes of garbage, and V8 keeps its pages as long as nothing asks for more: an idle server would hold
 * them for days. Measured on control without cameras: 121 MB before, 105 MB after (PSS); it takes about 50 ms.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

interface Collection {
  readonly type: 'major'
  readonly execution: 'sync'
  readonly flavor: 'last-resort'
}

/** Collects garbage once and gives the empty pages back to the system. Blocks meanwhile: not while anybody waits. */
export function giveBackMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect: (how: Collection) => void = runInNewContext('gc')
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
