/** A volume's space as one bar with its words: other files, footage, free; a mark where footage has to stop. */
import type { VolumeView } from '@vedette/shared/storage.ts'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '../i18n/format.ts'
import { cx } from '../ui/cx.ts'
import { divideSpace } from './space.ts'

export function SpaceBar({ volume }: { volume: VolumeView }) {
  const { t } = useTranslation()
  const space = divideSpace(volume)
  if (volume.totalBytes <= 0) return null
  const share = (bytes: number) => `${(bytes / volume.totalBytes) * 100}%`
  const parts = [
    { name: t('storage.other'), bytes: space.otherBytes, fill: 'bg-edge' },
    { name: t('storage.footage'), bytes: space.footageBytes, fill: 'bg-accent' },
    { name: t('storage.free'), bytes: space.freeBytes, fill: 'bg-surface-2' },
  ]
  return (
    <div className="flex flex-col gap-2">
      <div aria-hidden className="relative flex h-3 gap-px overflow-hidden rounded-sm bg-line">
        {parts.map((part) => (
          <span key={part.name} className={part.fill} style={{ width: share(part.bytes) }} />
        ))}
        <span
          className="absolute inset-y-0 w-0.5 bg-high"
          style={{ left: share(space.otherBytes + space.limitBytes) }}
        />
      </div>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-mid">
        {parts.map((part) => (
          <li key={part.name} className="flex items-center gap-2">
            <span aria-hidden className={cx('size-2.5 rounded-sm border border-line', part.fill)} />
            {part.name} <span className="text-high">{formatBytes(part.bytes)}</span>
          </li>
        ))}
        <li className="flex items-center gap-2">
          <span aria-hidden className="h-3 w-0.5 bg-high" />
          {t('storage.limit')} <span className="text-high">{formatBytes(space.limitBytes)}</span>
        </li>
        <li className="text-low">{t('storage.total', { size: formatBytes(volume.totalBytes) })}</li>
      </ul>
    </div>
  )
}
