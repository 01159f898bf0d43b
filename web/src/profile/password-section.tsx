/** A new password. Every other session ends by it. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/http.ts'
import { keys } from '../api/keys.ts'
import { changePassword } from '../api/profile.ts'
import { queryClient } from '../api/queries.ts'
import { CurrentPassword } from '../auth/current-password.tsx'
import { PasswordInput } from '../auth/password-input.tsx'
import { leastLength, PasswordLength } from '../auth/password-length.tsx'
import { errorSentence, fieldSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Section } from '../ui/page.tsx'
import { Note } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'

export function PasswordSection() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <Section
      title={t('profile.password.title')}
      hint={t('profile.password.hint')}
      actions={open ? null : <Button onClick={() => setOpen(true)}>{t('profile.password.open')}</Button>}
    >
      {open ? <PasswordForm onClose={() => setOpen(false)} /> : null}
    </Section>
  )
}

function PasswordForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      tell(t('profile.password.done'))
      onClose()
      return queryClient.invalidateQueries({ queryKey: keys.sessions })
    },
  })
  const isAtField = change.error instanceof ApiError && change.error.field !== undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ password, newPassword })
  }
  return (
    <form className="flex max-w-md flex-col gap-4" onSubmit={submit}>
      <CurrentPassword value={password} onChange={setPassword} error={change.error} />
      <Field
        label={t('profile.password.new')}
        hint={<PasswordLength password={newPassword} />}
        error={fieldSentence(change.error, 'newPassword', t)}
      >
        {(control) => (
          <PasswordInput
            {...control}
            name="newPassword"
            autoComplete="new-password"
            required
            minLength={leastLength}
            value={newPassword}
            onChange={(event) => setNewPassword(event.target.value)}
          />
        )}
      </Field>
      {change.isError && !isAtField ? <Note tone="danger">{errorSentence(change.error, t)}</Note> : null}
      <div className="flex gap-2">
        <Button type="submit" look="primary" busy={change.isPending}>
          {t('profile.password.save')}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  )
}
