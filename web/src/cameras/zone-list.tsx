/** The zones by name: choose, rename, what they are for, take away. */
import type { Zone } from '@vedette/shared/camera.ts'
import { Pencil, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { Input } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { tell } from '../ui/toast.tsx'
import type { ZoneWork } from './use-zone-work.ts'

export function ZoneList({ zones, work }: { zones: readonly Zone[]; work: ZoneWork }) {
  const { t } = useTranslation()
  const remove = (index: number, zone: Zone) => {
    work.remove(index)
    tell(t('cameras.zones.removed', { name: zone.name }), {
      action: { label: t('common.undo'), run: () => work.put(index, zone) },
    })
  }
  return (
    <div className="flex flex-col gap-3">
      {zones.length === 0 ? <p className="text-mid">{t('cameras.zones.none')}</p> : null}
      <ul className="flex flex-col gap-2">
        {zones.map((zone, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a zone is its place in the list.
            key={index}
            onFocus={() => work.choose(index)}
            className={cx(
              'flex flex-wrap items-center gap-2 rounded-md border p-2',
              index === work.chosen ? 'border-accent' : 'border-line',
            )}
          >
            <Input
              aria-label={t('cameras.zones.name')}
              className="flex-1 basis-32"
              maxLength={100}
              value={zone.name}
              onChange={(event) => work.change(index, { name: event.target.value })}
            />
            <Segmented
              className="order-last sm:order-none"
              label={t('cameras.zones.kind')}
              value={zone.kind}
              options={[
                { value: 'include', label: t('cameras.zones.include') },
                { value: 'exclude', label: t('cameras.zones.exclude') },
              ]}
              onChoose={(kind) => work.change(index, { kind })}
            />
            <IconButton label={t('cameras.zones.remove', { name: zone.name })} onClick={() => remove(index, zone)}>
              <Trash2 />
            </IconButton>
          </li>
        ))}
      </ul>
      {work.drawing ? (
        <div className="flex flex-col gap-2">
          <p className="text-mid">{t('cameras.zones.drawHint')}</p>
          <div className="flex flex-wrap gap-2">
            <Button onClick={work.addRectangle}>{t('cameras.zones.rectangle')}</Button>
            <Button look="quiet" onClick={work.stopDrawing}>
              {t('common.cancel')}
            </Button>
          </div>
        </div>
      ) : (
        <Button className="self-start" disabled={zones.length >= 32} onClick={work.startDrawing}>
          <Pencil />
          {t('cameras.zones.draw')}
        </Button>
      )}
      {work.chosen !== undefined && !work.drawing ? (
        <p className="text-xs text-low">{t('cameras.zones.keys')}</p>
      ) : null}
    </div>
  )
}
