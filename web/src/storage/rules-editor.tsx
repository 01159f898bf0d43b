/** A volume's name, quota and reserve, with what they would mean for each camera before they are saved. */
import { useMutation } from '@tanstack/react-query'
import type { VolumeView } from '@vedette/shared/storage.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/http.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { changeVolume } from '../api/volumes.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatBytes } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input, NumberInput } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import { Switch } from '../ui/switch.tsx'
import { tell } from '../ui/toast.tsx'
import { ConfirmShrink } from './confirm-shrink.tsx'
import { Simulation } from './simulation.tsx'
import { deletedAtOnce } from './space.ts'

const bytesPerGb = 1e9
const leastQuotaBytes = 100_000_000

export function RulesEditor({ volume, onClose }: { volume: VolumeView; onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(volume.name)
  const [quotaBytes, setQuotaBytes] = useState(volume.quotaBytes)
  const [reservePercent, setReservePercent] = useState<number | null>(Math.round(volume.reserveShare * 1000) / 10)
  const [confirming, setConfirming] = useState(false)
  const saving = useMutation({
    mutationFn: (change: Parameters<typeof changeVolume>[1]) => changeVolume(volume.id, change),
    onSuccess: async (saved) => {
      tell(t('storage.rules.saved', { name: saved.name }))
      onClose()
      await queryClient.invalidateQueries({ queryKey: keys.volumes })
    },
  })

  const quotaIsLow = quotaBytes !== null && quotaBytes < leastQuotaBytes
  const reserveIsWrong = reservePercent === null || reservePercent < 1 || reservePercent > 50
  const isValid = !quotaIsLow && !reserveIsWrong && name.trim() !== ''
  const rules = { quotaBytes, reserveShare: (reservePercent ?? 5) / 100 }
  const lostBytes = isValid ? deletedAtOnce(volume, rules) : 0
  const refusedField = saving.error instanceof ApiError ? saving.error.field : undefined
  const save = () => saving.mutate({ name: name.trim(), ...rules })

  return (
    <form
      className="flex max-w-[920px] flex-col gap-5 rounded-md border border-line bg-surface-1 p-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (lostBytes > 0) setConfirming(true)
        else save()
      }}
    >
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-3">
        <Field label={t('storage.rules.name')}>
          {(control) => (
            <Input {...control} maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <div className="flex flex-col gap-1">
          <Switch
            label={t('storage.rules.limit')}
            hint={t('storage.rules.limitHint')}
            checked={quotaBytes !== null}
            onChange={(on) => setQuotaBytes(on ? firstQuota(volume) : null)}
          />
          {quotaBytes === null ? null : (
            <Field
              label={t('storage.rules.quota')}
              error={quotaIsLow || refusedField === 'quotaBytes' ? t('storage.rules.quotaLow') : undefined}
            >
              {(control) => (
                <NumberInput
                  {...control}
                  min={0.1}
                  step="any"
                  unit="GB"
                  value={quotaBytes / bytesPerGb}
                  onValue={(gb) => setQuotaBytes(Math.round((gb ?? 0) * bytesPerGb))}
                />
              )}
            </Field>
          )}
        </div>
        <Field
          label={t('storage.rules.reserve')}
          hint={t('storage.rules.reserveHint')}
          error={reserveIsWrong ? t('storage.rules.reserveWrong') : undefined}
        >
          {(control) => (
            <NumberInput
              {...control}
              min={1}
              max={50}
              step="any"
              unit="%"
              value={reservePercent}
              onValue={setReservePercent}
            />
          )}
        </Field>
      </div>
      <Simulation volume={volume} rules={isValid ? rules : undefined} />
      {lostBytes > 0 ? (
        <Note tone="event">{t('storage.rules.deletesNow', { size: formatBytes(lostBytes) })}</Note>
      ) : null}
      {saving.isError ? <Note tone="danger">{errorSentence(saving.error, t)}</Note> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" look="primary" busy={saving.isPending} disabled={!isValid}>
          {t('common.save')}
        </Button>
      </div>
      {confirming ? (
        <ConfirmShrink
          size={formatBytes(lostBytes)}
          onClose={() => setConfirming(false)}
          onConfirm={() => {
            setConfirming(false)
            save()
          }}
        />
      ) : null}
    </form>
  )
}

/** A limit to begin with: what there is, rounded up to whole GB, so that switching it on deletes nothing. */
function firstQuota(volume: VolumeView): number {
  const room = volume.footageBytes + volume.freeBytes * (1 - volume.reserveShare)
  return Math.max(1, Math.ceil(room / bytesPerGb)) * bytesPerGb
}
