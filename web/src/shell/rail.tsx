/** The main navigation at the left of a wide page, with the system's state and the account at its foot. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Tooltip } from '../ui/tooltip.tsx'
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
          <Tooltip key={to} text={t(`shell.place.${name}`)} side="right">
            <Link
              to={to}
              aria-label={t(`shell.place.${name}`)}
              className="relative grid size-10 place-items-center rounded-md text-low transition-colors hover:bg-surface-2 hover:text-high aria-[current=page]:bg-accent-quiet aria-[current=page]:text-accent"
            >
              <Icon className="size-5" />
            </Link>
          </Tooltip>
        ))}
      </nav>
      <div className="mt-auto flex flex-col items-center gap-2">
        <RailStatus />
        <AccountMenu side="right" />
      </div>
    </div>
  )
}
