/** The installation's time zone, where schedules show it; changed at once, for all cameras. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { ownZone } from '@vedette/shared/local-time.ts'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { changeTimeZone, readTimeZone } from '../api/time-zone.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Field, Select } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'

export function ZoneOfSchedules() {
  const { t } = useTranslation()
  const zone = useQuery({ queryKey: keys.timeZone, queryFn: ({ signal }) => readTimeZone(signal) }).data
  const changing = useMutation({
    mutationFn: changeTimeZone,
    onSuccess: (now) => {
      queryClient.setQueryData(keys.timeZone, now)
      tell(t('cameras.schedule.zoneChanged', { zone: placeOf(now) }))
    },
    onError: (error) => tell(errorSentence(error, t), { danger: true }),
  })
  if (zone === undefined) return null
  const here = ownZone()
  const zones = [...new Set([zone, here, 'UTC', ...Intl.supportedValuesOf('timeZone')])].toSorted()
  return (
    <>
      <Field label={t('cameras.schedule.zone')} hint={t('cameras.schedule.zoneHint')}>
        {(control) => (
          <Select
            {...control}
            value={zone}
            disabled={changing.isPending}
            options={zones.map((value) => ({ value, label: placeOf(value) }))}
            onValue={(value) => changing.mutate(value)}
          />
        )}
      </Field>
      {here === zone ? null : (
        <Note tone="event">
          <span className="flex flex-wrap items-center gap-2">
            <span className="min-w-0 flex-1 basis-48">
              {t('cameras.schedule.zoneDiffers', { here: placeOf(here), zone: placeOf(zone) })}
            </span>
            <Button disabled={changing.isPending} onClick={() => changing.mutate(here)}>
              {t('cameras.schedule.useZone', { zone: placeOf(here) })}
            </Button>
          </span>
        </Note>
      )}
    </>
  )
}

const placeOf = (zone: string) => zone.replaceAll('_', ' ')
