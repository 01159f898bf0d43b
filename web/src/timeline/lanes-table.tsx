/** The timeline in words, for those who do not see the canvas: one row a camera, what is in view. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { formatPercent } from '../i18n/format.ts'
import { dayAndTime } from './exact-time.ts'
import { summarizeLane } from './lane-facts.ts'
import type { DrawTile } from './timeline-cache.ts'
import type { View } from './timeline-layout.ts'
import { useCauseNames } from './use-cause-names.ts'

interface Props {
  cameras: readonly CameraView[]
  tiles: readonly DrawTile[]
  view: View
  zone: string
}

const namedGaps = 5

export function LanesTable({ cameras, tiles, view, zone }: Props) {
  const { t } = useTranslation()
  const causes = useCauseNames()
  const toMs = Math.min(view.toMs, Date.now())
  return (
    // A table is as wide as its words whatever it is told: alone it makes a phone's page wider than its screen.
    <div className="sr-only">
      <table id="timeline-lanes">
        <caption>
          {t('timeline.table.caption', { from: dayAndTime(view.fromMs, zone), to: dayAndTime(toMs, zone) })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('timeline.table.camera')}</th>
            <th scope="col">{t('timeline.table.recorded')}</th>
            <th scope="col">{t('timeline.table.missing')}</th>
            <th scope="col">{t('timeline.table.events')}</th>
          </tr>
        </thead>
        <tbody>
          {cameras.map((camera) => {
            const { recordedShare, gaps, events } = summarizeLane(tiles, camera.id, view.fromMs, toMs)
            const named = gaps.slice(0, namedGaps).map((gap) =>
              t('timeline.table.gap', {
                from: dayAndTime(gap.startMs, zone),
                to: dayAndTime(gap.endMs, zone),
                cause: causes[gap.cause],
              }),
            )
            if (gaps.length > namedGaps) named.push(t('timeline.table.more', { count: gaps.length - namedGaps }))
            return (
              <tr key={camera.id}>
                <th scope="row">{camera.name}</th>
                <td>{formatPercent(recordedShare)}</td>
                <td>{named.length > 0 ? named.join('; ') : t('timeline.table.none')}</td>
                <td>{events}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
