/** Devices that are not asked for the second factor for 30 days. */
import { useMutation } from '@tanstack/react-query'
import type { SecondFactorState } from '@vedette/shared/second-factor.ts'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { forgetDevice } from '../api/second-factor.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatDate } from '../i18n/format.ts'
import { tell } from '../ui/toast.tsx'
import { DeviceRow } from './device-row.tsx'

export function TrustedDevices({ devices }: { devices: SecondFactorState['devices'] }) {
  const { t } = useTranslation()
  const forget = useMutation({
    mutationFn: forgetDevice,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.secondFactor }),
    onError: (error) => tell(errorSentence(error, t), { danger: true }),
  })
  if (devices.length === 0) return null
  return (
    <div className="border-t border-line py-3">
      <h3 className="text-sm">{t('profile.devices.title')}</h3>
      <p className="max-w-prose text-mid">{t('profile.devices.hint')}</p>
      <ul className="mt-2">
        {devices.map((device) => (
          <DeviceRow
            key={device.id}
            device={device}
            extra={t('profile.devices.until', { date: formatDate(device.expiresMs) })}
            action={t('profile.devices.forget')}
            busy={forget.isPending && forget.variables === device.id}
            onAction={() => forget.mutate(device.id)}
          />
        ))}
      </ul>
    </div>
  )
}
