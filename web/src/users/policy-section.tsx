/** Of whom a second factor is required. */
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { changePolicy } from '../api/users.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Section } from '../ui/page.tsx'
import { Note } from '../ui/states.tsx'
import { Switch } from '../ui/switch.tsx'
import { usePolicy } from './use-accounts.ts'

export function PolicySection() {
  const { t } = useTranslation()
  const policy = usePolicy()
  const change = useMutation({
    mutationFn: changePolicy,
    onSuccess: (next) => queryClient.setQueryData(keys.policy, next),
  })
  return (
    <Section title={t('users.policy.title')} hint={t('users.policy.hint')}>
      <QueryView query={policy} rows={2}>
        {({ adminsNeedSecondFactor, viewersNeedSecondFactor }) => (
          <div className="flex flex-col gap-1">
            <Switch
              label={t('users.policy.admins')}
              checked={adminsNeedSecondFactor}
              disabled={change.isPending}
              onChange={(on) => change.mutate({ adminsNeedSecondFactor: on })}
            />
            <Switch
              label={t('users.policy.viewers')}
              checked={viewersNeedSecondFactor}
              disabled={change.isPending}
              onChange={(on) => change.mutate({ viewersNeedSecondFactor: on })}
            />
            {change.isError ? <Note tone="danger">{errorSentence(change.error, t)}</Note> : null}
          </div>
        )}
      </QueryView>
    </Section>
  )
}
