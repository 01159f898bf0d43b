/** Chooses the file of a backup, and says when it cannot be one. */
import { maxBackupBytes } from '@vedette/shared/backup.ts'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

/** The server refuses it; this says so before it is sent. */
export const isTooLarge = (file: File | null) => file !== null && file.size > 2 * maxBackupBytes

interface Props {
  file: File | null
  onFile: (file: File | null) => void
}

/** The browser's own control speaks the browser's language and cannot be styled: a button stands for it. */
export function FilePicker({ file, onFile }: Props) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <Field label={t('backup.restore.file')} error={isTooLarge(file) ? t('backup.restore.tooLarge') : undefined}>
      {(control) => (
        <div className="flex min-w-0 flex-wrap items-center gap-3">
          <input
            {...control}
            ref={input}
            type="file"
            accept=".age"
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => onFile(event.target.files?.[0] ?? null)}
          />
          <Button data-autofocus onClick={() => input.current?.click()}>
            {t(file ? 'backup.restore.another' : 'backup.restore.choose')}
          </Button>
          {file ? (
            <span className="min-w-0 break-all text-mid">
              {file.name} ({formatBytes(file.size)})
            </span>
          ) : null}
        </div>
      )}
    </Field>
  )
}
