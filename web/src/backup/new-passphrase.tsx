/** A new passphrase: typed or suggested, with how far it has come, and a promise that it is kept elsewhere. */
import { useTranslation } from 'react-i18next'
import { PasswordInput } from '../auth/password-input.tsx'
import { leastLength, PasswordLength } from '../auth/password-length.tsx'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Field } from '../ui/field.tsx'
import { suggestPassphrase } from './suggest-passphrase.ts'

interface Props {
  value: string
  onChange: (value: string) => void
  suggested: string | null
  onSuggest: (value: string) => void
  isKept: boolean
  onKept: (isKept: boolean) => void
}

export const isLongEnough = (passphrase: string) => passphrase.length >= leastLength

export function NewPassphrase({ value, onChange, suggested, onSuggest, isKept, onKept }: Props) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-4">
      <p className="text-mid">{t('backup.passphrase.hint')}</p>
      <Field label={t('backup.passphrase.label')} hint={<PasswordLength password={value} />}>
        {(control) => (
          <PasswordInput
            {...control}
            data-autofocus
            autoComplete="new-password"
            maxLength={1024}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      {suggested !== null && suggested === value ? (
        <div className="flex flex-wrap items-center gap-2">
          <code className="rounded-md border border-line bg-surface-0 px-3 py-2 font-mono text-sm select-all">
            {suggested}
          </code>
          <CopyButton text={suggested} label={t('common.copy')} doneLabel={t('common.copied')} />
        </div>
      ) : (
        <Button className="self-start" onClick={() => onSuggest(suggestPassphrase())}>
          {t('backup.passphrase.suggest')}
        </Button>
      )}
      <Checkbox label={t('backup.passphrase.confirm')} checked={isKept} onChange={onKept} />
    </div>
  )
}
