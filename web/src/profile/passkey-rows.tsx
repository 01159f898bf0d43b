/** The passkeys that one has, each with the address that it belongs to. */
import type { SecondFactorState } from '@vedette/shared/second-factor.ts'
import { Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatDate } from '../i18n/format.ts'
import { IconButton } from '../ui/button.tsx'
import { Ago } from './ago.tsx'

type Passkey = SecondFactorState['passkeys'][number]

interface Props {
  passkeys: readonly Passkey[]
  onRemove: (passkey: Passkey) => void
}

export function PasskeyRows({ passkeys, onRemove }: Props) {
  const { t } = useTranslation()
  if (passkeys.length === 0) return null
  return (
    <ul className="mt-2 flex flex-col">
      {passkeys.map((passkey) => (
        <li key={passkey.id} className="flex items-center gap-3 border-t border-line py-1.5 pl-3">
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium">{passkey.name}</p>
            <p className="text-xs text-low">
              {t('profile.factor.passkeyAt', { host: passkey.host, date: formatDate(passkey.createdMs) })}{' '}
              {passkey.lastUsedMs === null ? t('profile.neverUsed') : <Ago ms={passkey.lastUsedMs} as="used" />}
            </p>
          </div>
          <IconButton
            label={t('profile.factor.removePasskey', { name: passkey.name })}
            onClick={() => onRemove(passkey)}
          >
            <Trash2 />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
