/** The main navigation of a phone: one thumb reaches all. */
import { Link } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MoreSheet } from './more-sheet.tsx'
import { usePlaces } from './places.ts'

const item =
  'flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-xs text-low aria-[current=page]:text-accent ' +
  'focus-visible:-outline-offset-2 [&_svg]:size-5'

export function BottomBar() {
  const { t } = useTranslation()
  const { main } = usePlaces()
  const [more, setMore] = useState(false)
  return (
    <nav
      aria-label={t('shell.mainNavigation')}
      className="flex h-14 shrink-0 border-t border-line bg-surface-0 pb-[env(safe-area-inset-bottom)] [box-sizing:content-box] md:hidden"
    >
      {main.map(({ to, name, Icon }) => (
        <Link key={to} to={to} className={item}>
          <Icon />
          <span className="max-w-full truncate">{t(`shell.place.${name}`)}</span>
        </Link>
      ))}
      <button type="button" className={item} onClick={() => setMore(true)} aria-haspopup="dialog">
        <Ellipsis />
        {t('shell.more')}
      </button>
      {more ? <MoreSheet onClose={() => setMore(false)} /> : null}
    </nav>
  )
}
