/** Recovery codes, shown this once: to copy, to download, to write down. */
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { saveFile } from '../ui/save-file.ts'
import { Note } from '../ui/states.tsx'

export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation()
  const text = `${codes.join('\n')}\n`
  const download = () =>
    saveFile(
      'vedette-recovery-codes.txt',
      new Blob([`${t('auth.recovery.file', { host: location.host })}\n\n${text}`], { type: 'text/plain' }),
    )
  return (
    <div className="flex flex-col gap-4">
      <Note tone="event">{t('auth.recovery.once')}</Note>
      <ol
        aria-label={t('auth.recovery.title')}
        className="flex flex-col gap-1 rounded-md border border-line bg-surface-0 p-3 font-mono text-xs select-all"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={text} label={t('common.copy')} doneLabel={t('common.copied')} />
        <Button onClick={download}>
          <Download />
          {t('common.download')}
        </Button>
        <Button look="primary" className="ml-auto" onClick={onDone}>
          {t('auth.recovery.kept')}
        </Button>
      </div>
    </div>
  )
}
