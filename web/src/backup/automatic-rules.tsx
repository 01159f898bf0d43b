/** How often a backup is made by itself, and how many stay. The switch acts at once, numbers when they are saved. */
import type { AutomaticBackup, AutomaticChange } from '@vedette/shared/backup.ts'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Field, NumberInput } from '../ui/field.tsx'
import { Switch } from '../ui/switch.tsx'

interface Props {
  automatic: AutomaticBackup
  busy: boolean
  onChange: (change: AutomaticChange) => void
}

export function AutomaticRules({ automatic, busy, onChange }: Props) {
  const { t } = useTranslation()
  const [everyHours, setEveryHours] = useState<number | null>(automatic.everyHours)
  const [keep, setKeep] = useState<number | null>(automatic.keep)
  const isChanged = everyHours !== automatic.everyHours || keep !== automatic.keep
  const isValid = isWhole(everyHours, 720) && isWhole(keep, 100)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (everyHours !== null && keep !== null) onChange({ everyHours, keep })
  }
  return (
    <form className="flex flex-wrap items-end gap-x-8 gap-y-4" onSubmit={submit}>
      <div className="max-sm:w-full">
        <Switch
          label={t('backup.automatic.switch')}
          checked={automatic.isOn}
          disabled={busy}
          onChange={(isOn) => onChange({ isOn })}
        />
      </div>
      <Field label={t('backup.automatic.every')}>
        {(control) => (
          <NumberInput
            {...control}
            min={1}
            max={720}
            value={everyHours}
            onValue={setEveryHours}
            unit={t('backup.automatic.hours', { count: everyHours ?? 0 })}
          />
        )}
      </Field>
      <Field label={t('backup.automatic.keep')}>
        {(control) => (
          <NumberInput
            {...control}
            min={1}
            max={100}
            value={keep}
            onValue={setKeep}
            unit={t('backup.automatic.files', { count: keep ?? 0 })}
          />
        )}
      </Field>
      {isChanged ? (
        <Button type="submit" look="primary" busy={busy} disabled={!isValid}>
          {t('common.save')}
        </Button>
      ) : null}
    </form>
  )
}

const isWhole = (value: number | null, max: number) =>
  value !== null && Number.isInteger(value) && value >= 1 && value <= max
