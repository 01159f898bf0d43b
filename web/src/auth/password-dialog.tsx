/** One action that takes the password: what will happen, the password, the button. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorSentence, fieldSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Note } from '../ui/states.tsx'
import { CurrentPassword } from './current-password.tsx'

interface Props<T> {
  title: string
  /** The button's words. */
  action: string
  danger?: boolean
  run: (password: string) => Promise<T>
  onDone: (result: T) => void
  onClose: () => void
  /** What will happen. */
  children: ReactNode
}

export function PasswordDialog<T>({ title, action, danger = false, run, onDone, onClose, children }: Props<T>) {
  const { t } = useTranslation()
  const form = useId()
  const [password, setPassword] = useState('')
  const proof = useMutation({ mutationFn: run, onSuccess: onDone })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    proof.mutate(password)
  }
  return (
    <Dialog
      title={title}
      closeLabel={t('common.close')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={form} look={danger ? 'danger' : 'primary'} busy={proof.isPending}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-4" onSubmit={submit}>
        <p className="text-mid">{children}</p>
        <CurrentPassword value={password} onChange={setPassword} error={proof.error} />
        {proof.isError && !fieldSentence(proof.error, 'password', t) ? (
          <Note tone="danger">{errorSentence(proof.error, t)}</Note>
        ) : null}
      </form>
    </Dialog>
  )
}
