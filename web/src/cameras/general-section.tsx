/** Name, place, and how live pictures travel. */
import { useTranslation } from 'react-i18next'
import { Field, Input, Select } from '../ui/field.tsx'
import type { DraftWork } from './use-camera-draft.ts'

const liveModes = ['auto', 'webcodecs', 'mse', 'jpeg'] as const

export function GeneralSection({ work: { draft, errors, set } }: { work: DraftWork }) {
  const { t } = useTranslation()
  return (
    <>
      <Field label={t('cameras.name')} error={errors.name}>
        {(control) => (
          <Input
            {...control}
            name="name"
            maxLength={100}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('cameras.location')} error={errors.location}>
        {(control) => (
          <Input
            {...control}
            name="location"
            maxLength={100}
            value={draft.location}
            onChange={(event) => set({ location: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('cameras.liveModeLabel')} hint={t(`cameras.liveModeHint.${draft.liveMode}`)}>
        {(control) => (
          <Select
            {...control}
            name="liveMode"
            value={draft.liveMode}
            options={liveModes.map((value) => ({ value, label: t(`cameras.liveMode.${value}`) }))}
            onValue={(liveMode) => set({ liveMode })}
          />
        )}
      </Field>
    </>
  )
}
