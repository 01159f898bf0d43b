/** The main navigation at the left of a wide page, with the system's state and the account at its foot. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AccountMenu } from './account-menu.tsx'
import { usePlaces } from './places.ts'
import { RailStatus } from './rail-status.tsx'

export function Rail() {
  const { t } = useTranslation()
  const { main } = usePlaces()
  return (
    <div className="flex w-rail shrink-0 flex-col items-center border-r border-line py-2 max-md:hidden">
      <nav aria-label={t('shell.mainNavigation')} className="flex flex-col gap-1">
        {main.map(({ to, name, Icon }) => (
          <Link
            key={to}
            to={to}
            className="flex w-16 flex-col items-center gap-0.5 rounded-md py-1.5 text-xs text-mid transition-colors hover:bg-surface-2 hover:text-high aria-[current=page]:bg-accent-quiet aria-[current=page]:text-accent"
          >
            <Icon aria-hidden className="size-5" />
            {t(`shell.place.${name}`)}
          </Link>
        ))}
      </nav>
      <div className="mt-auto flex flex-col items-center gap-2">
        <RailStatus />
        <AccountMenu side="right" />
      </div>
    </div>
  )
}
