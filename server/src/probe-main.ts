/**
 * Stands in for recorder or vision when `vedette doctor` looks what holds them back: started exactly like them, it tries what
 * must not be possible and says what came of it. Ends with its parent.
 */
import { z } from 'zod'
import { tryRoute } from './net/try-route.ts'
import { hasNodePermissions, tryDeeds, tryProgram, trySignal } from './sandbox/try-deeds.ts'

const question = z.strictObject({
  keyPath: z.string(),
  databasePath: z.string().nullable(),
  programPath: z.string(),
  parentId: z.number().int(),
})

process.on('message', async (raw) => {
  const deeds = question.parse(raw)
  const refusal = await tryRoute()
  process.send?.({
    hasNodePermissions: hasNodePermissions(),
    tried: [
      ...tryDeeds(deeds),
      tryProgram(process.execPath),
      ...trySignal(deeds),
      { deed: 'reach_network', refused: refusal !== undefined, answer: refusal ?? 'there is a route' },
    ],
  })
})
process.on('disconnect', () => process.exit(0))
