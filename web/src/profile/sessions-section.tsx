/** Where one is signed in. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { endOtherSessions, endOwnSession, listOwnSessions } from '../api/profile.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { tell } from '../ui/toast.tsx'
import { DeviceRow } from './device-row.tsx'

export function SessionsSection() {
  const { t } = useTranslation()
  const sessions = useQuery({ queryKey: keys.sessions, queryFn: ({ signal }) => listOwnSessions(signal) })
  const options = {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.sessions }),
    onError: (error: Error) => tell(errorSentence(error, t), { danger: true }),
  }
  const end = useMutation({ mutationFn: endOwnSession, ...options })
  const endOthers = useMutation({ mutationFn: endOtherSessions, ...options })
  return (
    <Section
      title={t('profile.sessions.title')}
      hint={t('profile.sessions.hint')}
      actions={
        sessions.data && sessions.data.length > 1 ? (
          <Button busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {t('profile.sessions.endOthers')}
          </Button>
        ) : null
      }
    >
      <QueryView query={sessions} rows={2}>
        {(list) => (
          <ul aria-label={t('profile.sessions.title')}>
            {list.map((session) => (
              <DeviceRow
                key={session.id}
                device={session}
                action={t('profile.sessions.end')}
                busy={end.isPending && end.variables === session.id}
                onAction={session.isCurrent ? undefined : () => end.mutate(session.id)}
              />
            ))}
          </ul>
        )}
      </QueryView>
    </Section>
  )
}
