/** The dialog of something with a name: a role, a group. */
import type { UseMutationResult } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { errorSentence, fieldSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'

interface Props<T> {
  title: string
  name: string
  onName: (name: string) => void
  saving: UseMutationResult<T, Error, void>
  disabled?: boolean
  onClose: () => void
  children: ReactNode
}

export function NamedDialog<T>({ title, name, onName, saving, disabled = false, onClose, children }: Props<T>) {
  const { t } = useTranslation()
  const form = useId()
  const nameProblem = fieldSentence(saving.error, 'name', t)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  return (
    <Dialog
      title={title}
      closeLabel={t('common.close')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={form} look="primary" disabled={disabled} busy={saving.isPending}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('users.name')} error={nameProblem}>
          {(control) => (
            <Input
              {...control}
              data-autofocus
              required
              maxLength={100}
              value={name}
              onChange={(event) => onName(event.target.value)}
            />
          )}
        </Field>
        {children}
        {saving.isError && !nameProblem ? <Note tone="danger">{errorSentence(saving.error, t)}</Note> : null}
      </form>
    </Dialog>
  )
}
