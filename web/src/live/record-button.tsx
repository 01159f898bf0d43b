/** Records a camera by hand for some minutes, whatever its mode, and ends that. For whoever may control it. */
import { useMutation } from '@tanstack/react-query'
import type { CameraView } from '@vedette/shared/camera.ts'
import { CircleDot, Square } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { recordNow, stopRecording } from '../api/events.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { useNow } from '../i18n/use-now.ts'
import { Menu, MenuItem, MenuNote } from '../ui/menu.tsx'
import { tell } from '../ui/toast.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

interface Props {
  camera: CameraView
  className: string
}

const choices = [1, 5, 15, 60] as const

export function RecordButton({ camera, className }: Props) {
  const { t } = useTranslation()
  const nowMs = useNow()
  const { name } = camera
  const refused = (error: Error) => tell(errorSentence(error, t), { danger: true })
  const starting = useMutation({
    mutationFn: (minutes: number) => recordNow(camera.id, minutes),
    onSuccess: (_, minutes) => tell(t('live.byHand.started', { name, count: minutes })),
    onError: refused,
  })
  const stopping = useMutation({ mutationFn: () => stopRecording(camera.id), onError: refused })
  if (!camera.enabled || !camera.rights.includes('control')) return null
  const { byHandUntilMs } = camera.status
  if (byHandUntilMs !== null && byHandUntilMs > nowMs)
    return (
      <Tooltip text={t('live.byHand.stop')}>
        <button
          type="button"
          aria-label={t('live.byHand.stopOf', { name })}
          disabled={stopping.isPending}
          className={className}
          onClick={() => stopping.mutate()}
        >
          <Square className="fill-current text-mark-danger" />
        </button>
      </Tooltip>
    )
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={t('live.byHand.startOf', { name })}
          title={t('live.byHand.start')}
          disabled={starting.isPending}
          className={className}
        >
          <CircleDot />
        </button>
      }
    >
      <MenuNote>{t('live.byHand.start')}</MenuNote>
      {choices.map((minutes) => (
        <MenuItem key={minutes} onSelect={() => starting.mutate(minutes)}>
          {t('live.byHand.minutes', { count: minutes })}
        </MenuItem>
      ))}
    </Menu>
  )
}
