/** The users as a list. */
import { Link } from '@tanstack/react-router'
import type { UserView } from '@vedette/shared/user.ts'
import { useTranslation } from 'react-i18next'
import { useMe } from '../api/queries.ts'
import { Ago } from '../profile/ago.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Badge } from '../ui/badge.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { useGrantWords } from './use-grant-words.ts'
import { UserMenu } from './user-menu.tsx'

export function UserTable({ users }: { users: readonly UserView[] }) {
  const { t } = useTranslation()
  const myId = useMe().data?.id
  const { grantInWords } = useGrantWords()
  const columns: readonly Column<UserView>[] = [
    {
      key: 'name',
      header: t('users.username'),
      phone: 'title',
      cell: ({ id, username, email, disabled, avatarId }) => (
        <span className="flex flex-wrap items-center gap-2">
          <Avatar name={username} src={avatarId && `/api/users/${id}/avatar.jpg?id=${avatarId}`} className="size-7" />
          <Link to="/users/$userId" params={{ userId: id }} className="font-medium hover:text-accent hover:underline">
            {username}
          </Link>
          {id === myId ? <Badge>{t('users.you')}</Badge> : null}
          {disabled ? <Badge tone="event">{t('users.isDisabled')}</Badge> : null}
          {email ? <span className="text-xs text-low">{email}</span> : null}
        </span>
      ),
    },
    { key: 'role', header: t('users.role'), cell: ({ role }) => t(`users.roles.${role}`) },
    {
      key: 'may',
      header: t('users.may'),
      cell: ({ role, grants }) => (
        <span className="text-mid max-md:text-right">
          {role === 'admin' ? t('users.everything') : grants.map(grantInWords).join(' · ') || t('users.nothing')}
        </span>
      ),
    },
    { key: 'factor', header: t('users.factor'), cell: (user) => <Factor user={user} /> },
    {
      key: 'used',
      header: t('users.lastUsed'),
      cell: ({ lastUsedMs }) => (lastUsedMs === null ? t('users.notSignedIn') : <Ago ms={lastUsedMs} />),
    },
    {
      key: 'menu',
      header: <span className="sr-only">{t('users.actions')}</span>,
      // On a phone the user's own page has it.
      phone: 'none',
      end: true,
      cell: (user) => <UserMenu user={user} />,
    },
  ]
  return <Table label={t('users.title')} columns={columns} rows={users} rowKey={({ id }) => id} />
}

function Factor({ user }: { user: UserView }) {
  const { t } = useTranslation()
  if (user.secondFactor.totp || user.secondFactor.passkeys > 0) return <Badge tone="good">{t('users.factorOn')}</Badge>
  return user.needsSecondFactor ? (
    <Badge tone="event">{t('users.factorMissing')}</Badge>
  ) : (
    <span className="text-mid">{t('users.factorOff')}</span>
  )
}
