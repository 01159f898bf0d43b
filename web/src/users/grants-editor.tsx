/** What a viewer may do, line by line: on all cameras, a group or one camera; by a role or right by right. */
import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Field, Select } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import { type GrantDraft, usualDraft } from './grant-draft.ts'
import { RightsPicker } from './rights-picker.tsx'
import { useGroups, useRoles } from './use-accounts.ts'
import { useGrantWords } from './use-grant-words.ts'

interface Props {
  value: readonly GrantDraft[]
  onChange: (value: readonly GrantDraft[]) => void
}

export function GrantsEditor({ value, onChange }: Props) {
  const { t } = useTranslation()
  const cameras = useCameras().data ?? []
  const groups = useGroups().data ?? []
  const places = [
    { value: 'all', label: t('users.grant.all') },
    ...groups.map(({ id, name }) => ({ value: `group ${id}`, label: t('users.grant.group', { name }) })),
    ...cameras.map(({ id, name }) => ({ value: `camera ${id}`, label: t('users.grant.camera', { name }) })),
  ]
  const free = places.find((place) => !value.some(({ on }) => on === place.value))?.value ?? 'all'
  const change = (changed: GrantDraft) => onChange(value.map((one) => (one.key === changed.key ? changed : one)))
  return (
    <div className="flex flex-col gap-3">
      {value.length === 0 ? <Note tone="event">{t('users.grant.none')}</Note> : null}
      {value.map((draft, n) => (
        <GrantLine
          key={draft.key}
          number={n + 1}
          draft={draft}
          places={
            places.some((place) => place.value === draft.on) ? places : [...places, { value: draft.on, label: '…' }]
          }
          onChange={change}
          onRemove={() => onChange(value.filter((one) => one !== draft))}
        />
      ))}
      <Button className="self-start" onClick={() => onChange([...value, usualDraft(free)])}>
        <Plus />
        {t('users.grant.add')}
      </Button>
    </div>
  )
}

interface LineProps {
  number: number
  draft: GrantDraft
  places: readonly { value: string; label: string }[]
  onChange: (draft: GrantDraft) => void
  onRemove: () => void
}

function GrantLine({ number, draft, places, onChange, onRemove }: LineProps) {
  const { t } = useTranslation()
  const roles = useRoles().data ?? []
  const { rightsInWords } = useGrantWords()
  const role = roles.find(({ id }) => id === draft.roleId)
  const ways = [
    { value: '', label: t('users.grant.single') },
    ...roles.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <fieldset className="flex flex-col gap-2 rounded-md border border-line p-3">
      <legend className="sr-only">{t('users.grant.line', { number })}</legend>
      <div className="flex items-end gap-2">
        <div className="grid min-w-0 flex-1 gap-3 sm:grid-cols-2">
          <Field label={t('users.grant.on')}>
            {(control) => (
              <Select {...control} value={draft.on} options={places} onValue={(on) => onChange({ ...draft, on })} />
            )}
          </Field>
          {roles.length > 0 ? (
            <Field label={t('users.grant.as')}>
              {(control) => (
                <Select
                  {...control}
                  value={draft.roleId ?? ''}
                  options={ways}
                  onValue={(id) => onChange({ ...draft, roleId: id || null })}
                />
              )}
            </Field>
          ) : null}
        </div>
        <IconButton label={t('users.grant.remove', { number })} onClick={onRemove}>
          <Trash2 />
        </IconButton>
      </div>
      {role ? (
        <p className="text-mid">{rightsInWords(role.rights)}</p>
      ) : (
        <RightsPicker
          label={t('users.grant.rights')}
          value={draft.rights}
          onChange={(rights) => onChange({ ...draft, rights })}
        />
      )}
    </fieldset>
  )
}
