/** Narrowing the audit log: what, who, which camera, from which day to which. */
import { auditKind } from '@vedette/shared/audit.ts'
import { useTranslation } from 'react-i18next'
import type { AuditFilter } from '../api/audit.ts'
import { useCameras } from '../api/queries.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { useUsers } from '../users/use-accounts.ts'
import { kindKey } from './audit-kind.ts'
import { dayEndMs, dayOf, dayStartMs } from './local-day.ts'

interface Props {
  value: AuditFilter
  onChange: (value: AuditFilter) => void
}

export function AuditFilters({ value, onChange }: Props) {
  const { t } = useTranslation()
  const users = useUsers().data ?? []
  const cameras = useCameras().data ?? []
  const kinds = auditKind.options.map((kind) => ({ value: kind as string, label: t(`audit.kind.${kindKey(kind)}`) }))
  const isNarrow = Object.values(value).some((part) => part !== undefined)
  return (
    <div className="grid grid-cols-2 items-end gap-3 border-b border-line px-4 py-3 md:flex md:flex-wrap">
      <Field label={t('audit.what')} className="max-md:col-span-2 md:w-64">
        {(control) => (
          <Select
            {...control}
            value={value.kind ?? ''}
            options={[{ value: '', label: t('audit.all') }, ...kinds]}
            onValue={(kind) => onChange({ ...value, kind: auditKind.safeParse(kind).data })}
          />
        )}
      </Field>
      <Field label={t('audit.who')} className="md:w-48">
        {(control) => (
          <Select
            {...control}
            value={value.userId ?? ''}
            options={[
              { value: '', label: t('audit.everybody') },
              ...users.map(({ id, username }) => ({ value: id, label: username })),
            ]}
            onValue={(id) => onChange({ ...value, userId: id || undefined })}
          />
        )}
      </Field>
      <Field label={t('audit.camera')} className="md:w-48">
        {(control) => (
          <Select
            {...control}
            value={value.cameraId ?? ''}
            options={[
              { value: '', label: t('audit.everyCamera') },
              ...cameras.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onValue={(id) => onChange({ ...value, cameraId: id || undefined })}
          />
        )}
      </Field>
      <Field label={t('audit.since')}>
        {(control) => (
          <Input
            {...control}
            type="date"
            value={dayOf(value.sinceMs)}
            onChange={(event) => onChange({ ...value, sinceMs: dayStartMs(event.target.value) })}
          />
        )}
      </Field>
      <Field label={t('audit.until')}>
        {(control) => (
          <Input
            {...control}
            type="date"
            value={dayOf(value.untilMs)}
            onChange={(event) => onChange({ ...value, untilMs: dayEndMs(event.target.value) })}
          />
        )}
      </Field>
      {isNarrow ? (
        <Button look="quiet" onClick={() => onChange({})}>
          {t('audit.clear')}
        </Button>
      ) : null}
    </div>
  )
}
