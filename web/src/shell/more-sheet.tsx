/** A phone's sheet for what the rail has at its foot: the system's state, account, theme, way out. */
import { Link } from '@tanstack/react-router'
import { LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMe, useSystemStatus } from '../api/queries.ts'
import { Button } from '../ui/button.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { chooseTheme, themes, useTheme } from '../ui/theme.ts'
import { usePlaces } from './places.ts'
import { SystemState } from './system-state.tsx'
import { useSignOut } from './use-sign-out.ts'

export function MoreSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const status = useSystemStatus()
  const { account } = usePlaces()
  const theme = useTheme()
  const signOut = useSignOut()
  return (
    <Sheet title={t('shell.status.title')} onClose={onClose} closeLabel={t('common.close')}>
      <div className="flex flex-col gap-4">
        {status.data ? <SystemState status={status.data} /> : null}
        <ul className="-mx-4 border-t border-line px-2 pt-2">
          {account.map(({ to, name, Icon }) => (
            <li key={to}>
              <Link
                to={to}
                onClick={onClose}
                className="flex min-h-control items-center gap-3 rounded-sm px-2 hover:bg-surface-2 [&_svg]:size-5"
              >
                <Icon className="text-low" />
                {t(`shell.place.${name}`)}
              </Link>
            </li>
          ))}
        </ul>
        <div className="flex items-center justify-between gap-3 border-t border-line pt-4">
          <span>{t('shell.theme.label')}</span>
          <Segmented
            label={t('shell.theme.label')}
            value={theme}
            options={themes.map((value) => ({ value, label: t(`shell.theme.${value}`) }))}
            onChoose={chooseTheme}
          />
        </div>
        <div className="flex items-center justify-between gap-3">
          <span className="min-w-0 truncate text-mid">
            {t('shell.account.signedInAs', { name: me.data?.username ?? '' })}
          </span>
          <Button onClick={signOut}>
            <LogOut />
            {t('shell.account.signOut')}
          </Button>
        </div>
      </div>
    </Sheet>
  )
}
