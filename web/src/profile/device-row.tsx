/** A browser that is signed in or trusted: which, from where, when used last, and the way to end it. */
import { useTranslation } from 'react-i18next'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Ago } from './ago.tsx'
import { browserOf } from './browser-of.ts'

interface Props {
  device: { userAgent: string; address: string; lastUsedMs: number; isCurrent: boolean }
  extra?: string
  action: string
  busy: boolean
  /** Without one there is no button. */
  onAction?: (() => void) | undefined
}

export function DeviceRow({ device, extra, action, busy, onAction }: Props) {
  const { t } = useTranslation()
  const { browser, system } = browserOf(device.userAgent)
  const name =
    browser && system ? t('profile.browserOn', { browser, system }) : browser || system || t('profile.unknownBrowser')
  return (
    <li className="flex items-center gap-3 border-t border-line py-2">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium" title={device.userAgent}>
          {name}
          {device.isCurrent ? <Badge tone="good">{t('profile.thisBrowser')}</Badge> : null}
        </p>
        <p className="text-xs text-low">
          {device.address} · <Ago ms={device.lastUsedMs} as="used" />
          {extra ? ` · ${extra}` : ''}
        </p>
      </div>
      {onAction ? (
        <Button busy={busy} onClick={onAction}>
          {action}
        </Button>
      ) : null}
    </li>
  )
}
