/** The second half of adding a camera: name, place and, if it has one, its sub stream. */
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import type { Connection } from './address.ts'
import { SubStream } from './sub-stream.tsx'

interface Named {
  readonly name: string
  readonly location: string
  readonly subAddress: string
}

interface Props {
  value: Named
  onChange: (part: Partial<Named>) => void
  connection: Connection
  errors: Readonly<Record<string, string | undefined>>
  /** A refusal that belongs to no field. */
  problem: string | undefined
  busy: boolean
  onSubmit: () => void
}

export function NameStep({ value, onChange, connection, errors, problem, busy, onSubmit }: Props) {
  const { t } = useTranslation()
  const [tried, setTried] = useState(false)
  const nameMissing = value.name.trim() === ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!nameMissing) onSubmit()
  }
  return (
    <form className="flex flex-col gap-4 border-t border-line pt-6" onSubmit={submit} noValidate>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('cameras.name')}
          error={errors.name ?? (tried && nameMissing ? t('cameras.nameMissing') : undefined)}
        >
          {(control) => (
            <Input
              {...control}
              name="name"
              maxLength={100}
              autoFocus
              placeholder={t('cameras.nameExample')}
              value={value.name}
              onChange={(event) => onChange({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('cameras.location')} error={errors.location}>
          {(control) => (
            <Input
              {...control}
              name="location"
              maxLength={100}
              placeholder={t('cameras.locationExample')}
              value={value.location}
              onChange={(event) => onChange({ location: event.target.value })}
            />
          )}
        </Field>
      </div>
      <SubStream
        value={value.subAddress}
        onChange={(subAddress) => onChange({ subAddress })}
        connection={connection}
        error={errors.subAddress}
      />
      {problem ? <Note tone="danger">{problem}</Note> : null}
      <Button type="submit" look="primary" busy={busy} className="self-start">
        {t('cameras.add.save')}
      </Button>
    </form>
  )
}
