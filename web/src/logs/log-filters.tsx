/** Narrowing the log: how grave, which process, which part of the program, which camera, which words. */
import { logLevel, logProcess } from '@vedette/shared/logs.ts'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogFilter } from '../api/logs.ts'
import { useCameras } from '../api/queries.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input, Select } from '../ui/field.tsx'

/** Those that write of themselves, as the folders of the program are called. */
const rooms = ['http', 'auth', 'audit', 'record', 'events', 'ingest'] as const
const typingMs = 300

interface Props {
  value: LogFilter
  onChange: (value: LogFilter) => void
}

export function LogFilters({ value, onChange }: Props) {
  const { t } = useTranslation()
  const cameras = useCameras().data ?? []
  const all = { value: '', label: t('logs.all') }
  return (
    <div className="grid grid-cols-2 items-end gap-3 border-b border-line px-4 py-3 md:flex md:flex-wrap">
      <Field label={t('logs.level')} className="md:w-40">
        {(control) => (
          <Select
            {...control}
            value={value.level ?? ''}
            options={[
              all,
              ...(['info', 'warn', 'error'] as const).map((level) => ({
                value: level,
                label: t(`logs.from.${level}`),
              })),
            ]}
            onValue={(level) => onChange({ ...value, level: logLevel.safeParse(level).data })}
          />
        )}
      </Field>
      <Field label={t('logs.process')} className="md:w-40">
        {(control) => (
          <Select
            {...control}
            value={value.process ?? ''}
            options={[
              all,
              ...logProcess.options.map((process) => ({ value: process, label: t(`logs.processName.${process}`) })),
            ]}
            onValue={(process) => onChange({ ...value, process: logProcess.safeParse(process).data })}
          />
        )}
      </Field>
      <Field label={t('logs.room')} className="md:w-40">
        {(control) => (
          <Select
            {...control}
            value={value.room ?? ''}
            options={[all, ...rooms.map((room) => ({ value: room, label: t(`logs.roomName.${room}`) }))]}
            onValue={(room) => onChange({ ...value, room: room || undefined })}
          />
        )}
      </Field>
      <Field label={t('logs.camera')} className="md:w-40">
        {(control) => (
          <Select
            {...control}
            value={value.camera ?? ''}
            options={[all, ...cameras.map(({ id, name }) => ({ value: id, label: name }))]}
            onValue={(camera) => onChange({ ...value, camera: camera || undefined })}
          />
        )}
      </Field>
      <TextFilter value={value.text ?? ''} onChange={(text) => onChange({ ...value, text: text || undefined })} />
      {Object.values(value).some((part) => part !== undefined) ? (
        <Button look="quiet" onClick={() => onChange({})}>
          {t('logs.clear')}
        </Button>
      ) : null}
    </div>
  )
}

/** Asks when the typing pauses. */
function TextFilter({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => onChange(typed), typingMs)
    return () => clearTimeout(timer)
  }, [typed, value, onChange])
  return (
    <Field label={t('logs.text')} className="col-span-2 md:w-64">
      {(control) => (
        <Input
          {...control}
          type="search"
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
    </Field>
  )
}
