/** Signing in, and back to where the session ended. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { logIn } from '../api/account.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import { Entrance } from './entrance.tsx'
import { PasswordInput } from './password-input.tsx'

export function LoginPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const router = useRouter()
  const { to } = useSearch({ from: '/login' })
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const login = useMutation({
    mutationFn: logIn,
    onSuccess: async (user) => {
      queryClient.clear() // Nothing of another user may stay.
      queryClient.setQueryData(keys.me, user)
      if (to) router.history.replace(to)
      else await navigate({ to: '/live', replace: true })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate({ username, password })
  }
  return (
    <Entrance title={t('auth.login.title')}>
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
      <p className="text-xs text-low">{t('auth.login.forgotten')}</p>
    </Entrance>
  )
}
