/** What looking at an address brought: the picture and the facts, or a sentence that says what to do. */
import { CircleCheck, CircleX, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { errorSentence } from '../i18n/error-sentence.ts'
import { serverSentence } from '../i18n/server-sentence.ts'
import { Note } from '../ui/states.tsx'
import { StreamFacts } from './stream-facts.tsx'
import type { Probe } from './use-probe.ts'

interface Props {
  probe: Probe
  /** Keeps the picture's place until there is one, and says what will come. */
  placeholder?: string
}

export function ProbeResult({ probe, placeholder }: Props) {
  const news = probeNews(probe)
  return <div aria-live="polite">{news ?? (placeholder ? <Placeholder text={placeholder} /> : null)}</div>
}

function Placeholder({ text }: { text: string }) {
  return (
    <p className="grid aspect-video place-items-center rounded-md border border-dashed border-line p-4 text-low max-lg:hidden">
      {text}
    </p>
  )
}

function probeNews(probe: Probe) {
  const { answer, error, isPending } = probe
  if (isPending) return <Looking />
  if (error) return <Refused error={error} />
  if (!answer) return null
  return answer.ok ? <Found answer={answer} /> : <NotFound message={answer.message} />
}

function Looking() {
  const { t } = useTranslation()
  return (
    <p className="flex items-center gap-2 py-2 text-mid">
      <LoaderCircle aria-hidden className="size-4 animate-spin" />
      {t('cameras.probe.looking')}
    </p>
  )
}

function Refused({ error }: { error: Error }) {
  const { t } = useTranslation()
  return <NotFound message={errorSentence(error, t)} />
}

function NotFound({ message }: { message: string | null }) {
  const { t } = useTranslation()
  return (
    <Note tone="danger" icon={<CircleX className="text-danger" />}>
      {message ? serverSentence(message) : t('cameras.probe.failed')}
    </Note>
  )
}

function Found({ answer }: { answer: NonNullable<Probe['answer']> }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-2">
      {answer.picture ? (
        <img
          src={answer.picture}
          alt={t('cameras.probe.picture')}
          className="aspect-video w-full rounded-md border border-line bg-surface-2 object-contain"
        />
      ) : null}
      <p className="flex items-start gap-2">
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
        <span>
          <span className="font-medium">{t('cameras.probe.found')}</span>{' '}
          {answer.codec ? (
            <StreamFacts
              facts={{
                codec: answer.codec,
                width: answer.width ?? 0,
                height: answer.height ?? 0,
                audioCodec: answer.audioCodec,
              }}
            />
          ) : null}
          {answer.picture ? null : <span className="block text-low">{t('cameras.probe.noPicture')}</span>}
        </span>
      </p>
    </div>
  )
}
