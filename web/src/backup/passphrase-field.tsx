/** The passphrase that a backup was made with. */
import { useTranslation } from 'react-i18next'
import { PasswordInput } from '../auth/password-input.tsx'
import { Field } from '../ui/field.tsx'

/** As much as the server takes (shared/src/backup.ts). */
const maxLength = 1024

export function PassphraseField(props: { value: string; onValue: (value: string) => void; hint: string | undefined }) {
  const { t } = useTranslation()
  return (
    <Field label={t('backup.restore.passphrase')} hint={props.hint}>
      {(control) => (
        <PasswordInput
          {...control}
          autoComplete="off"
          maxLength={maxLength}
          value={props.value}
          onChange={(event) => props.onValue(event.target.value)}
        />
      )}
    </Field>
  )
}
