/** Over the pictures: the day, the way to the days beside it and to the present, which events count, and those that are kept. */
import type { EventKind } from '@vedette/shared/event.ts'
import { startOfDay } from '@vedette/shared/local-time.ts'
import { ChevronLeft, ChevronRight, ChevronsRight, ListFilter, Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import { CalendarPopover } from './calendar-popover.tsx'

interface Props {
  cameraIds: readonly string[]
  /** Somewhere in the day shown. */
  ms: number
  zone: string
  onDay: (startMs: number) => void
  onNow: () => void
  kind: EventKind | ''
  onKind: (kind: EventKind | '') => void
  onKept: () => void
}

export function TimelineHeader({ cameraIds, ms, zone, onDay, onNow, kind, onKind, onKept }: Props) {
  const { t } = useTranslation()
  const next = startOfDay(ms, zone, 1)
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-1 px-3 py-2">
      <h1 className="sr-only">{t('timeline.title')}</h1>
      <CalendarPopover cameraIds={cameraIds} ms={ms} zone={zone} onDay={onDay} />
      <IconButton label={t('timeline.dayBefore')} onClick={() => onDay(startOfDay(ms, zone, -1))}>
        <ChevronLeft />
      </IconButton>
      <IconButton label={t('timeline.dayAfter')} disabled={next > Date.now()} onClick={() => onDay(next)}>
        <ChevronRight />
      </IconButton>
      <Button look="quiet" title={t('timeline.latestHint')} onClick={onNow}>
        <ChevronsRight />
        <span className="max-sm:sr-only">{t('timeline.latest')}</span>
      </Button>
      {/* On a phone the row is full: the menu beside it has the same. */}
      <Button look="quiet" className="ml-auto max-sm:hidden" title={t('timeline.keptList.title')} onClick={onKept}>
        <Lock />
        {t('timeline.keptList.open')}
      </Button>
      <Menu
        trigger={
          <Button look="quiet" className={cx('max-sm:ml-auto', kind !== '' && 'text-accent')}>
            <ListFilter />
            <span className="max-sm:sr-only">{kind === '' ? t('timeline.allKinds') : t(`timeline.kind.${kind}`)}</span>
          </Button>
        }
      >
        <MenuChoice
          label={t('timeline.kinds')}
          value={kind}
          options={[
            { value: '', label: t('timeline.allKinds') },
            { value: 'motion', label: t('timeline.kind.motion') },
            { value: 'camera', label: t('timeline.kind.camera') },
            { value: 'manual', label: t('timeline.kind.manual') },
          ]}
          onChoose={onKind}
        />
        <MenuLine />
        <MenuItem onSelect={onKept}>
          <Lock />
          {t('timeline.keptList.title')}
        </MenuItem>
      </Menu>
    </header>
  )
}
