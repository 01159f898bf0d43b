/** A phone's sheet for what the rail has at its foot: the system's state, theme, way out. */
import { LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMe, useSystemStatus } from '../api/queries.ts'
import { Button } from '../ui/button.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { chooseTheme, themes, useTheme } from '../ui/theme.ts'
import { SystemState } from './system-state.tsx'
import { useSignOut } from './use-sign-out.ts'

export function MoreSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const status = useSystemStatus()
  const theme = useTheme()
  const signOut = useSignOut()
  return (
    <Sheet title={t('shell.status.title')} onClose={onClose} closeLabel={t('common.close')}>
      <div className="flex flex-col gap-4">
        {status.data ? <SystemState status={status.data} /> : null}
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
