/** Where a user is signed in. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { UserView } from '@vedette/shared/user.ts'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { endSessionOf, endSessionsOf, listSessionsOf } from '../api/users.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { DeviceRow } from '../profile/device-row.tsx'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { tell } from '../ui/toast.tsx'

export function UserSessions({ user }: { user: UserView }) {
  const { t } = useTranslation()
  const sessions = useQuery({
    queryKey: [...keys.users, user.id, 'sessions'],
    queryFn: ({ signal }) => listSessionsOf(user.id, signal),
  })
  const options = {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.users }),
    onError: (error: Error) => tell(errorSentence(error, t), { danger: true }),
  }
  const end = useMutation({ mutationFn: (id: string) => endSessionOf(user.id, id), ...options })
  const endAll = useMutation({ mutationFn: () => endSessionsOf(user.id), ...options })
  return (
    <Section
      title={t('users.sessions.title')}
      actions={
        sessions.data?.length ? (
          <Button busy={endAll.isPending} onClick={() => endAll.mutate()}>
            {t('users.sessions.endAll')}
          </Button>
        ) : null
      }
    >
      <QueryView query={sessions} rows={1}>
        {(list) =>
          list.length > 0 ? (
            <ul>
              {list.map((session) => (
                <DeviceRow
                  key={session.id}
                  device={session}
                  action={t('users.sessions.end')}
                  busy={end.isPending && end.variables === session.id}
                  onAction={() => end.mutate(session.id)}
                />
              ))}
            </ul>
          ) : (
            <p className="text-mid">{t('users.sessions.none')}</p>
          )
        }
      </QueryView>
    </Section>
  )
}
