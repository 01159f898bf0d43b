/** Why footage is missing, in the user's language. */
import type { GapCause } from '@vedette/shared/timeline.ts'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

export function useCauseNames(): Record<GapCause, string> {
  const { t } = useTranslation()
  return useMemo(() => {
    const name = (cause: GapCause) => t(`timeline.cause.${cause}`)
    return {
      unreachable: name('unreachable'),
      unauthorized: name('unauthorized'),
      stalled: name('stalled'),
      unsupported: name('unsupported'),
      disk: name('disk'),
      overload: name('overload'),
      process: name('process'),
      clock: name('clock'),
      unknown: name('unknown'),
    }
  }, [t])
}
