/** What can be done with the chosen span: download it, camera by camera, without re-encoding. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { Download, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { downloadUrl } from '../api/playback.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { clockLength, dayAndTime, fileTime } from './exact-time.ts'

interface Props {
  span: { readonly startMs: number; readonly endMs: number }
  cameras: readonly CameraView[]
  zone: string
  onClear: () => void
}

const longMs = 2 * 86_400_000

export function SpanBar({ span, cameras, zone, onClear }: Props) {
  const { t } = useTranslation()
  const lengthMs = span.endMs - span.startMs
  return (
    <section
      aria-label={t('timeline.span.title')}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line bg-accent-quiet px-3 py-1"
    >
      <p className="min-w-0 flex-1">
        {t('timeline.span.length', {
          from: dayAndTime(span.startMs, zone),
          to: dayAndTime(span.endMs, zone),
          length: clockLength(lengthMs),
        })}
        {lengthMs > longMs ? <span className="ml-2 text-event">{t('timeline.span.tooLong')}</span> : null}
      </p>
      {cameras.map((camera) => (
        <Button key={camera.id} asChild>
          <a
            data-download={camera.id}
            href={downloadUrl(camera.id, span)}
            download={`${camera.name} ${fileTime(span.startMs, zone)}.mp4`}
          >
            <Download />
            <span className="max-w-40 truncate">{t('timeline.span.download', { name: camera.name })}</span>
          </a>
        </Button>
      ))}
      <IconButton label={t('timeline.span.clear')} onClick={onClear}>
        <X />
      </IconButton>
    </section>
  )
}
