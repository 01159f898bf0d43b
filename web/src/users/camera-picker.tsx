/** Some cameras, or (where `allLabel` is given) all of them, also those to come: null. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '../ui/checkbox.tsx'

interface Props {
  label: string
  cameras: readonly CameraView[]
  value: readonly string[] | null
  allLabel?: string
  onChange: (value: readonly string[] | null) => void
}

export function CameraPicker({ label, cameras, value, allLabel, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset>
      <legend className="text-sm font-medium">{label}</legend>
      {allLabel ? (
        <Checkbox label={allLabel} checked={value === null} onChange={(all) => onChange(all ? null : [])} />
      ) : null}
      {value === null ? null : (
        <div className="grid max-h-64 gap-x-6 overflow-y-auto sm:grid-cols-2">
          {cameras.length === 0 ? <p className="py-1.5 text-mid">{t('users.noCameras')}</p> : null}
          {cameras.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={value.includes(id)}
              onChange={(on) => onChange(on ? [...value, id] : value.filter((other) => other !== id))}
            />
          ))}
        </div>
      )}
    </fieldset>
  )
}
