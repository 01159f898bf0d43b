/** What can be done with a user besides changing the account: sessions, second factor, disable, delete. */
import { useMutation } from '@tanstack/react-query'
import type { UserView } from '@vedette/shared/user.ts'
import { EllipsisVertical, LogOut, ShieldOff, Trash2, UserRoundCheck, UserRoundX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../api/queries.ts'
import { changeUser, deleteUser, endSessionsOf, resetSecondFactor } from '../api/users.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { ConfirmDialog } from '../shell/confirm-dialog.tsx'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { tell } from '../ui/toast.tsx'
import { refreshAccounts } from './use-accounts.ts'

interface Props {
  user: UserView
  onDeleted?: () => void
}

export function UserMenu({ user, onDeleted }: Props) {
  const { t } = useTranslation()
  const name = user.username
  const myId = useMe().data?.id
  const [asking, setAsking] = useState<'delete' | 'reset' | 'disable' | null>(null)
  const quick = useMutation({
    mutationFn: ({ run }: { run: () => Promise<unknown>; done: string }) => run(),
    onSuccess: (_, { done }) => {
      tell(done)
      return refreshAccounts()
    },
    onError: (error) => tell(errorSentence(error, t), { danger: true }),
  })
  const hasFactor = user.secondFactor.totp || user.secondFactor.passkeys > 0
  const run = {
    delete: () => deleteUser(user.id),
    reset: () => resetSecondFactor(user.id),
    disable: () => changeUser(user.id, { disabled: true }),
  }
  const finish = (what: keyof typeof run) => {
    tell(t(`users.${what}.done`, { name }))
    setAsking(null)
    if (what === 'delete') onDeleted?.()
    void refreshAccounts()
  }
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('users.actionsOf', { name })}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        <MenuItem
          onSelect={() =>
            quick.mutate({ run: () => endSessionsOf(user.id), done: t('users.sessions.ended', { name }) })
          }
        >
          <LogOut />
          {t('users.sessions.endAll')}
        </MenuItem>
        <MenuItem disabled={!hasFactor || user.id === myId} onSelect={() => setAsking('reset')}>
          <ShieldOff />
          {t('users.reset.open')}
        </MenuItem>
        <MenuLine />
        {user.disabled ? (
          <MenuItem
            onSelect={() =>
              quick.mutate({ run: () => changeUser(user.id, { disabled: false }), done: t('users.enabled', { name }) })
            }
          >
            <UserRoundCheck />
            {t('users.enable')}
          </MenuItem>
        ) : (
          <MenuItem onSelect={() => setAsking('disable')}>
            <UserRoundX />
            {t('users.disable.open')}
          </MenuItem>
        )}
        <MenuItem danger onSelect={() => setAsking('delete')}>
          <Trash2 />
          {t('users.delete.open')}
        </MenuItem>
      </Menu>
      {asking ? (
        <ConfirmDialog
          title={t(`users.${asking}.title`, { name })}
          action={t(`users.${asking}.open`)}
          run={run[asking]}
          onDone={() => finish(asking)}
          onClose={() => setAsking(null)}
        >
          {t(`users.${asking}.text`)}
        </ConfirmDialog>
      ) : null}
    </>
  )
}
