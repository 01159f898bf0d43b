/** Code, name and password of the first administrator. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setUp } from '../api/account.ts'
import { ApiError } from '../api/http.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import { PasswordInput } from './password-input.tsx'
import { leastLength, PasswordLength } from './password-length.tsx'
import { SetupCodeField } from './setup-code-field.tsx'
import type { SetupCode } from './use-setup-code.ts'

type FieldName = 'code' | 'username' | 'password'

export function SetupForm({ setup: link }: { setup: SetupCode }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [values, setValues] = useState({ username: '', password: '' })
  const [tried, setTried] = useState(false)
  const setup = useMutation({
    mutationFn: setUp,
    onSuccess: async (user) => {
      queryClient.clear()
      queryClient.setQueryData(keys.me, user)
      await navigate({ to: '/cameras/new', search: { first: true }, replace: true })
    },
  })

  const missing = {
    code: link.code.trim() ? undefined : t('auth.setup.codeMissing'),
    username: values.username.trim() ? undefined : t('auth.setup.usernameMissing'),
    password: values.password.length >= leastLength ? undefined : t('auth.setup.passwordShort'),
  }
  const refusedField = setup.error instanceof ApiError ? setup.error.field : undefined
  const errorOf = (name: FieldName) => {
    if (refusedField === name) return errorSentence(setup.error, t)
    return tried ? missing[name] : undefined
  }
  const input = (name: keyof typeof values) => ({
    name,
    value: values[name],
    onChange: (event: { target: { value: string } }) => setValues({ ...values, [name]: event.target.value }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!Object.values(missing).some(Boolean)) setup.mutate({ ...values, code: link.code })
  }

  return (
    <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
      <SetupCodeField setup={link} error={errorOf('code')} />
      <Field label={t('auth.setup.username')} error={errorOf('username')}>
        {(control) => <Input {...control} {...input('username')} autoComplete="username" autoCapitalize="off" />}
      </Field>
      <Field
        label={t('auth.setup.password')}
        hint={<PasswordLength password={values.password} />}
        error={errorOf('password')}
      >
        {(control) => <PasswordInput {...control} {...input('password')} autoComplete="new-password" />}
      </Field>
      {setup.isError && !refusedField ? <Note tone="danger">{errorSentence(setup.error, t)}</Note> : null}
      <Button type="submit" look="primary" busy={setup.isPending}>
        {t('auth.setup.submit')}
      </Button>
    </form>
  )
}
