/** "With these rules the oldest footage of each camera will be …", asked while somebody types. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { VolumeView } from '@vedette/shared/storage.ts'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { simulateVolume } from '../api/volumes.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatNumber } from '../i18n/format.ts'
import { useSettled } from './use-settled.ts'

interface Rules {
  readonly quotaBytes: number | null
  readonly reserveShare: number
}

export function Simulation({ volume, rules }: { volume: VolumeView; rules: Rules | undefined }) {
  const { t } = useTranslation()
  const settled = useSettled(rules, 300)
  const present = { quotaBytes: volume.quotaBytes, reserveShare: volume.reserveShare }
  const before = useSimulation(volume.id, present)
  const after = useSimulation(volume.id, settled)
  if (after.isError) return <p className="text-danger-text">{errorSentence(after.error, t)}</p>
  if (!after.data || after.data.length === 0) return null
  const daysBefore = new Map(before.data?.map((camera) => [camera.cameraId, camera.days]))
  return (
    <div>
      <h3 className="text-sm">{t('storage.simulation.title')}</h3>
      <p className="mb-2 text-xs text-low">{t('storage.simulation.hint')}</p>
      <table aria-live="polite" className="border-collapse text-sm">
        <thead className="text-xs text-low">
          <tr>
            <th className="pr-6 text-left font-medium">{t('storage.column.camera')}</th>
            <th className="pr-6 text-right font-medium">{t('storage.simulation.now')}</th>
            <th className="text-right font-medium">{t('storage.simulation.then')}</th>
          </tr>
        </thead>
        <tbody>
          {after.data.map(({ cameraId, name, days }) => (
            <tr key={cameraId}>
              <td className="py-0.5 pr-6">{name}</td>
              <td className="py-0.5 pr-6 text-right text-mid">{inDays(daysBefore.get(cameraId))}</td>
              <td className="py-0.5 text-right font-medium">{inDays(days)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )

  function inDays(days: number | null | undefined): string {
    // None: the camera records nothing now.
    return days === undefined || days === null ? '–' : t('storage.simulation.days', { days: formatNumber(days, 1) })
  }
}

function useSimulation(volumeId: string, rules: Rules | undefined) {
  return useQuery({
    queryKey: [...keys.volumes, volumeId, 'simulation', rules],
    queryFn: ({ signal }) => simulateVolume(volumeId, rules ?? { quotaBytes: null, reserveShare: 0.05 }, signal),
    enabled: rules !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}
