/** A new API token: what it may do and how long; then the token itself, this once. */
import { useMutation } from '@tanstack/react-query'
import type { Right } from '@vedette/shared/user.ts'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { makeToken } from '../api/profile.ts'
import { queryClient, useCameras } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input, NumberInput } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import { CameraPicker } from '../users/camera-picker.tsx'
import { RightsPicker } from '../users/rights-picker.tsx'

export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const form = useId()
  const allCameras = useCameras().data ?? []
  const [name, setName] = useState('')
  const [rights, setRights] = useState<readonly Right[]>(['view'])
  const [cameras, setCameras] = useState<readonly string[] | null>(null)
  const [days, setDays] = useState<number | null>(90)
  const making = useMutation({
    mutationFn: makeToken,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.tokens }),
  })
  const isComplete = rights.length > 0 && cameras?.length !== 0 && days !== null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isComplete) making.mutate({ name, rights: [...rights], cameras: cameras && [...cameras], days })
  }
  if (making.data) {
    return (
      <Dialog title={t('profile.tokens.made')} closeLabel={t('common.close')} onClose={onClose}>
        <div className="flex flex-col gap-4">
          <Note tone="event">{t('profile.tokens.once')}</Note>
          <code className="rounded-md border border-line bg-surface-0 p-3 font-mono text-xs wrap-anywhere select-all">
            {making.data.token}
          </code>
          <p className="text-mid">{t('profile.tokens.howTo')}</p>
          <div className="flex flex-wrap justify-between gap-2">
            <CopyButton text={making.data.token} label={t('common.copy')} doneLabel={t('common.copied')} />
            <Button look="primary" onClick={onClose}>
              {t('profile.tokens.kept')}
            </Button>
          </div>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog
      title={t('profile.tokens.make')}
      closeLabel={t('common.close')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={form} look="primary" disabled={!isComplete} busy={making.isPending}>
            {t('profile.tokens.make')}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('profile.tokens.name')} hint={t('profile.tokens.nameHint')}>
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
        <RightsPicker label={t('profile.tokens.rights')} value={rights} onChange={setRights} />
        <CameraPicker
          label={t('profile.tokens.cameras')}
          cameras={allCameras}
          value={cameras}
          allLabel={t('profile.tokens.allCameras')}
          onChange={setCameras}
        />
        <Field label={t('profile.tokens.days')}>
          {(control) => (
            <NumberInput
              {...control}
              value={days}
              onValue={setDays}
              min={1}
              max={3650}
              unit={t('profile.tokens.daysUnit', { count: days ?? 0 })}
            />
          )}
        </Field>
        {making.isError ? <Note tone="danger">{errorSentence(making.error, t)}</Note> : null}
      </form>
    </Dialog>
  )
}
