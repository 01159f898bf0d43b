/** The password again, as proof that the person at the keyboard is still the same. */
import { useTranslation } from 'react-i18next'
import { fieldSentence } from '../i18n/error-sentence.ts'
import { Field } from '../ui/field.tsx'
import { PasswordInput } from './password-input.tsx'

interface Props {
  value: string
  onChange: (value: string) => void
  /** Of the request that carried it. */
  error: unknown
  hint?: string
}

export function CurrentPassword({ value, onChange, error, hint }: Props) {
  const { t } = useTranslation()
  return (
    <Field label={t('auth.password.current')} hint={hint} error={fieldSentence(error, 'password', t)}>
      {(control) => (
        <PasswordInput
          {...control}
          data-autofocus
          name="password"
          autoComplete="current-password"
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
