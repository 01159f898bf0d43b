/** Account and rights of a user, for adding and changing. */
import { useMutation } from '@tanstack/react-query'
import type { UserView } from '@vedette/shared/user.ts'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/http.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceList } from '../ui/choice-list.tsx'
import { Section } from '../ui/page.tsx'
import { Note } from '../ui/states.tsx'
import { Switch } from '../ui/switch.tsx'
import { AccountFields } from './account-fields.tsx'
import { isComplete } from './grant-draft.ts'
import { GrantsEditor } from './grants-editor.tsx'
import type { UserDraft } from './user-draft.ts'

interface Props {
  start: UserDraft
  isNew: boolean
  isOwn?: boolean
  save: (draft: UserDraft) => Promise<UserView>
  onSaved: (user: UserView) => void
}

export function UserForm({ start, isNew, isOwn = false, save, onSaved }: Props) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(start)
  const saving = useMutation({
    mutationFn: save,
    onSuccess: (user) => {
      setDraft((now) => ({ ...now, password: '' }))
      onSaved(user)
    },
  })
  const change = (part: Partial<UserDraft>) => setDraft((now) => ({ ...now, ...part }))
  const field = saving.error instanceof ApiError ? saving.error.field : undefined
  const isAtField = field === 'username' || field === 'email' || field === 'password'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate(draft)
  }
  return (
    <form onSubmit={submit} className="border-b border-line">
      <Section title={t('users.account')}>
        <AccountFields draft={draft} isNew={isNew} isOwn={isOwn} error={saving.error} onChange={change} />
      </Section>
      <Section title={t('users.permissions')} hint={t('users.permissionsHint')}>
        <div className="flex flex-col gap-4">
          <ChoiceList
            label={t('users.role')}
            value={draft.role}
            onChoose={(role) => change({ role })}
            options={[
              { value: 'viewer', label: t('users.roles.viewer'), hint: t('users.viewerHint') },
              { value: 'admin', label: t('users.roles.admin'), hint: t('users.adminHint') },
            ]}
          />
          {draft.role === 'viewer' ? (
            <GrantsEditor value={draft.grants} onChange={(grants) => change({ grants })} />
          ) : null}
          <Switch
            label={t('users.needsFactor')}
            hint={t('users.needsFactorHint')}
            checked={draft.needsSecondFactor}
            onChange={(needsSecondFactor) => change({ needsSecondFactor })}
          />
          {saving.isError && !isAtField ? <Note tone="danger">{errorSentence(saving.error, t)}</Note> : null}
          <Button
            type="submit"
            look="primary"
            className="self-start"
            busy={saving.isPending}
            disabled={draft.role === 'viewer' && !draft.grants.every(isComplete)}
          >
            {t(isNew ? 'users.add' : 'common.save')}
          </Button>
        </div>
      </Section>
    </form>
  )
}
