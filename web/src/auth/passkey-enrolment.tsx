/** Adding a passkey: a name and the password, then the browser asks, then recovery codes where they are the first. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addPasskey, newPasskeyQuestion } from '../api/second-factor.ts'
import { fieldSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import { CurrentPassword } from './current-password.tsx'
import { createPasskey, passkeySentence } from './passkey.ts'
import { RecoveryCodes } from './recovery-codes.tsx'

/** `onDone` is called when the passkey counts and the recovery codes, if there are new ones, were put away. */
export function PasskeyEnrolment({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const addition = useMutation({
    mutationFn: async () => {
      const credential = await createPasskey(await newPasskeyQuestion(password))
      return addPasskey({ name, credential })
    },
    onSuccess: (codes) => codes ?? onDone(),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    addition.mutate()
  }
  if (addition.data) return <RecoveryCodes codes={addition.data} onDone={onDone} />
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <p className="text-mid">{t('auth.passkey.intro')}</p>
      <Field label={t('auth.passkey.name')} hint={t('auth.passkey.nameHint')}>
        {(control) => (
          <Input
            {...control}
            data-autofocus
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <CurrentPassword value={password} onChange={setPassword} error={addition.error} />
      {addition.isError && !fieldSentence(addition.error, 'password', t) ? (
        <Note tone="danger">{passkeySentence(addition.error, t)}</Note>
      ) : null}
      <Button type="submit" look="primary" className="self-end" busy={addition.isPending}>
        {t('auth.passkey.add')}
      </Button>
    </form>
  )
}
