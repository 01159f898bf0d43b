/** Name, e-mail address and password of a user. */
import { useTranslation } from 'react-i18next'
import { PasswordInput } from '../auth/password-input.tsx'
import { leastLength, PasswordLength } from '../auth/password-length.tsx'
import { fieldSentence } from '../i18n/error-sentence.ts'
import { Field, Input } from '../ui/field.tsx'
import type { UserDraft } from './user-draft.ts'

interface Props {
  draft: UserDraft
  isNew: boolean
  /** One's own password is changed in the profile. */
  isOwn: boolean
  error: unknown
  onChange: (part: Partial<UserDraft>) => void
}

export function AccountFields({ draft, isNew, isOwn, error, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Field label={t('users.username')} error={fieldSentence(error, 'username', t)}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            autoCapitalize="off"
            required
            maxLength={100}
            value={draft.username}
            onChange={(event) => onChange({ username: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('users.email')} hint={t('users.emailHint')} error={fieldSentence(error, 'email', t)}>
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="off"
            value={draft.email}
            onChange={(event) => onChange({ email: event.target.value })}
          />
        )}
      </Field>
      {isOwn ? null : (
        <Field
          label={t(isNew ? 'users.password' : 'users.newPassword')}
          hint={isNew || draft.password ? <PasswordLength password={draft.password} /> : t('users.newPasswordHint')}
          error={fieldSentence(error, 'password', t)}
        >
          {(control) => (
            <PasswordInput
              {...control}
              autoComplete="new-password"
              required={isNew}
              minLength={leastLength}
              value={draft.password}
              onChange={(event) => onChange({ password: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  )
}
