/** What counts as motion, and where. The zones are drawn on the picture beside. */
import type { MotionSettings } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import { Field, NumberInput } from '../ui/field.tsx'
import { Slider } from '../ui/slider.tsx'
import { Switch } from '../ui/switch.tsx'
import type { DraftWork } from './use-camera-draft.ts'
import type { ZoneWork } from './use-zone-work.ts'
import { ZoneList } from './zone-list.tsx'

export function MotionSection({ work, zoneWork }: { work: DraftWork; zoneWork: ZoneWork }) {
  const { t } = useTranslation()
  const { motion } = work.draft
  const set = (part: Partial<MotionSettings>) => work.update((now) => ({ motion: { ...now.motion, ...part } }))
  return (
    <>
      <Switch
        label={t('cameras.motion.enabled')}
        hint={t('cameras.motion.enabledHint')}
        checked={motion.enabled}
        onChange={(enabled) => set({ enabled })}
      />
      {motion.enabled ? (
        <>
          <Field
            label={t('cameras.motion.sensitivity', { value: formatNumber(motion.sensitivity) })}
            hint={t('cameras.motion.sensitivityHint')}
            error={work.errors['motion.sensitivity']}
          >
            {(control) => (
              <Slider
                {...control}
                min={1}
                max={100}
                value={motion.sensitivity}
                onValue={(sensitivity) => set({ sensitivity })}
              />
            )}
          </Field>
          <div className="grid gap-4 sm:grid-cols-3">
            <Field
              label={t('cameras.motion.minArea')}
              hint={t('cameras.motion.minAreaHint')}
              error={work.errors['motion.minArea']}
            >
              {(control) => (
                <NumberInput
                  {...control}
                  min={0}
                  max={100}
                  step={0.1}
                  unit="%"
                  value={Math.round(motion.minArea * 100_000) / 1000}
                  onValue={(percent) => set({ minArea: Math.min(1, Math.max(0, (percent ?? 0) / 100)) })}
                />
              )}
            </Field>
            <Field
              label={t('cameras.motion.quiet')}
              hint={t('cameras.motion.quietHint')}
              error={work.errors['motion.quietMs']}
            >
              {(control) => (
                <NumberInput
                  {...control}
                  min={1}
                  max={300}
                  unit={t('cameras.seconds')}
                  value={motion.quietMs / 1000}
                  onValue={(seconds) => set({ quietMs: Math.round((seconds ?? 1) * 1000) })}
                />
              )}
            </Field>
            <Field
              label={t('cameras.motion.minFrames')}
              hint={t('cameras.motion.minFramesHint')}
              error={work.errors['motion.minFrames']}
            >
              {(control) => (
                <NumberInput
                  {...control}
                  min={1}
                  max={50}
                  value={motion.minFrames}
                  onValue={(minFrames) => set({ minFrames: Math.round(minFrames ?? 1) })}
                />
              )}
            </Field>
          </div>
          <section className="flex flex-col gap-3 border-t border-line pt-5">
            <div>
              <h2 className="text-sm">{t('cameras.zones.title')}</h2>
              <p className="text-mid">{t('cameras.zones.hint')}</p>
            </div>
            <ZoneList zones={motion.zones} work={zoneWork} />
          </section>
        </>
      ) : null}
    </>
  )
}
