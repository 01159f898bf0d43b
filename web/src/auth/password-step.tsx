/** User name and password. */
import { useMutation } from '@tanstack/react-query'
import type { Me } from '@vedette/shared/user.ts'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { logIn } from '../api/account.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import { PasswordInput } from './password-input.tsx'
import type { FactorMethods } from './use-second-factor.ts'

interface Props {
  onDone: (user: Me) => void
  /** The password was right, and these second factors are asked for. */
  onMore: (methods: FactorMethods) => void
}

export function PasswordStep({ onDone, onMore }: Props) {
  const { t } = useTranslation()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const login = useMutation({
    mutationFn: logIn,
    onSuccess: (answer) => ('secondFactor' in answer ? onMore(answer.secondFactor) : onDone(answer)),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate({ username, password })
  }
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field label={t('auth.login.username')}>
        {(control) => (
          <Input
            {...control}
            name="username"
            autoComplete="username"
            autoCapitalize="off"
            autoFocus
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('auth.login.password')}>
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {login.isError ? <Note tone="danger">{errorSentence(login.error, t)}</Note> : null}
      <Button type="submit" look="primary" busy={login.isPending}>
        {t('auth.login.submit')}
      </Button>
    </form>
  )
}
