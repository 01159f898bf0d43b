/** When a camera records, how long that is kept, and whether with sound. */
import { useTranslation } from 'react-i18next'
import { ChoiceList } from '../ui/choice-list.tsx'
import { Field, NumberInput } from '../ui/field.tsx'
import { Switch } from '../ui/switch.tsx'
import { ScheduleEditor } from './schedule-editor.tsx'
import type { DraftWork } from './use-camera-draft.ts'

const modes = ['continuous', 'event', 'scheduled', 'off'] as const

export function RecordingSection({ work: { draft, errors, set } }: { work: DraftWork }) {
  const { t } = useTranslation()
  return (
    <>
      <ChoiceList
        label={t('cameras.modeLabel')}
        value={draft.mode}
        options={modes.map((value) => ({
          value,
          label: t(`cameras.mode.${value}`),
          hint: t(`cameras.modeHint.${value}`),
        }))}
        onChoose={(mode) => set({ mode })}
      />
      {draft.mode === 'scheduled' ? (
        <ScheduleEditor week={draft.schedule} onChange={(schedule) => set({ schedule })} />
      ) : null}
      {draft.mode === 'event' || (draft.mode === 'scheduled' && draft.schedule.some((day) => day.includes('e'))) ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('cameras.preRoll')} hint={t('cameras.preRollHint')} error={errors.preRollMs}>
            {(control) => (
              <NumberInput
                {...control}
                min={0}
                max={60}
                unit={t('cameras.seconds')}
                value={draft.preRollMs / 1000}
                onValue={(seconds) => set({ preRollMs: Math.round((seconds ?? 0) * 1000) })}
              />
            )}
          </Field>
          <Field label={t('cameras.postRoll')} hint={t('cameras.postRollHint')} error={errors.postRollMs}>
            {(control) => (
              <NumberInput
                {...control}
                min={0}
                max={300}
                unit={t('cameras.seconds')}
                value={draft.postRollMs / 1000}
                onValue={(seconds) => set({ postRollMs: Math.round((seconds ?? 0) * 1000) })}
              />
            )}
          </Field>
        </div>
      ) : null}
      <Field label={t('cameras.keepDays')} hint={t('cameras.keepDaysHint')} error={errors.keepDays}>
        {(control) => (
          <NumberInput
            {...control}
            min={1}
            max={3650}
            unit={t('cameras.days')}
            placeholder="∞"
            value={draft.keepDays}
            onValue={(keepDays) => set({ keepDays })}
          />
        )}
      </Field>
      <Switch
        label={t('cameras.recordAudio')}
        hint={t('cameras.recordAudioHint')}
        checked={draft.recordAudio}
        onChange={(recordAudio) => set({ recordAudio })}
      />
    </>
  )
}
