/** Who is signed in, what belongs to accounts, the theme, the way out. */
import { useNavigate } from '@tanstack/react-router'
import { CircleUserRound, LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ownAvatar } from '../api/profile.ts'
import { useMe } from '../api/queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine, MenuNote } from '../ui/menu.tsx'
import { chooseTheme, themes, useTheme } from '../ui/theme.ts'
import { usePlaces } from './places.ts'
import { useSignOut } from './use-sign-out.ts'

export function AccountMenu({ side }: { side: 'right' | 'top' }) {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const { account } = usePlaces()
  const theme = useTheme()
  const signOut = useSignOut()
  return (
    <Menu
      side={side}
      align="end"
      trigger={
        <button
          type="button"
          aria-label={t('shell.account.title')}
          className="grid size-10 place-items-center rounded-md text-low transition-colors hover:bg-surface-2 hover:text-high [&_svg]:size-5"
        >
          {me.data?.avatarId ? (
            <Avatar name={me.data.username} src={ownAvatar(me.data)} className="size-7" />
          ) : (
            <CircleUserRound />
          )}
        </button>
      }
    >
      <MenuNote>{t('shell.account.signedInAs', { name: me.data?.username ?? '' })}</MenuNote>
      {account.map(({ to, name, Icon }) => (
        <MenuItem key={to} onSelect={() => void navigate({ to })}>
          <Icon />
          {t(`shell.place.${name}`)}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuChoice
        label={t('shell.theme.label')}
        value={theme}
        options={themes.map((value) => ({ value, label: t(`shell.theme.${value}`) }))}
        onChoose={chooseTheme}
      />
      <MenuLine />
      <MenuItem onSelect={signOut}>
        <LogOut />
        {t('shell.account.signOut')}
      </MenuItem>
    </Menu>
  )
}
