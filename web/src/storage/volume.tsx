/** One volume: state, space, days left, what each camera holds, and its rules. */
import type { VolumeView } from '@vedette/shared/storage.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes, formatNumber } from '../i18n/format.ts'
import { serverSentence } from '../i18n/server-sentence.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { Note } from '../ui/states.tsx'
import { RulesEditor } from './rules-editor.tsx'
import { SpaceBar } from './space-bar.tsx'
import { VolumeCameras } from './volume-cameras.tsx'

const tones: Record<VolumeView['state'], Tone> = {
  ok: 'good',
  full: 'event',
  slow: 'event',
  read_only: 'danger',
  missing: 'danger',
  swapped: 'danger',
  failed: 'danger',
}

export function Volume({ volume }: { volume: VolumeView }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  return (
    <Section
      title={
        <span className="flex flex-wrap items-center gap-2">
          {volume.name}
          <Badge tone={tones[volume.state]}>{t(`storage.state.${volume.state}`)}</Badge>
        </span>
      }
      hint={<span className="font-mono text-xs break-all">{volume.path}</span>}
      actions={
        <Button onClick={() => setEditing(!editing)} aria-expanded={editing}>
          {t('storage.rules.open')}
        </Button>
      }
    >
      <div className="flex flex-col gap-5">
        {volume.problem ? (
          <Note tone={volume.state === 'full' ? 'event' : 'danger'}>{serverSentence(volume.problem)}</Note>
        ) : null}
        <SpaceBar volume={volume} />
        <Outlook volume={volume} />
        {editing ? <RulesEditor volume={volume} onClose={() => setEditing(false)} /> : null}
        <VolumeCameras volume={volume} />
      </div>
    </Section>
  )
}

/** What it means for a person, in one line. */
function Outlook({ volume }: { volume: VolumeView }) {
  const { t } = useTranslation()
  const days = volume.daysLeft
  return (
    <p className="max-w-prose">
      <span className="font-medium">
        {days === null && t(volume.bytesPerDay > 0 ? 'storage.neverFull' : 'storage.noOutlook')}
        {days !== null && days < 1 && t('storage.rolling')}
        {days !== null && days >= 1 && t('storage.daysLeft', { count: Math.floor(days) })}
      </span>{' '}
      <span className="text-mid">
        {volume.bytesPerDay > 0 ? `${t('storage.perDay', { size: formatBytes(volume.bytesPerDay) })} ` : ''}
        {volume.quotaBytes === null
          ? t('storage.noQuota')
          : t('storage.quota', { size: formatBytes(volume.quotaBytes) })}{' '}
        {t('storage.reserve', { percent: formatNumber(volume.reserveShare * 100, 1) })}
      </span>
    </p>
  )
}
