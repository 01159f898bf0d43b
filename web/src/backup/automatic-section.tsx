/** The backup that is made by itself: whether and when, where the files lie, and its passphrase. */
import { useMutation } from '@tanstack/react-query'
import type { AutomaticBackup } from '@vedette/shared/backup.ts'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeAutomatic } from '../api/backups.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatAgo, formatDateTime } from '../i18n/format.ts'
import { serverSentence } from '../i18n/server-sentence.ts'
import { useNow } from '../i18n/use-now.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { Note } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'
import { AutomaticRules } from './automatic-rules.tsx'
import { PassphraseDialog } from './passphrase-dialog.tsx'

export function AutomaticSection({ automatic }: { automatic: AutomaticBackup }) {
  const { t } = useTranslation()
  const [setting, setSetting] = useState(false)
  const changing = useMutation({
    mutationFn: changeAutomatic,
    onSuccess: () => {
      tell(t('backup.automatic.saved'))
      return queryClient.invalidateQueries({ queryKey: keys.backups })
    },
  })
  return (
    <Section
      title={t('backup.automatic.title')}
      actions={
        automatic.hasPassphrase ? (
          <Button onClick={() => setSetting(true)}>
            <KeyRound />
            {t('backup.passphrase.change')}
          </Button>
        ) : undefined
      }
    >
      <div className="flex flex-col gap-4">
        {automatic.problem ? <Note tone="danger">{serverSentence(automatic.problem)}</Note> : null}
        {automatic.hasPassphrase ? (
          <>
            <div>
              <NextBackup automatic={automatic} />
              <p className="text-mid">
                {t('backup.automatic.folder')} <span className="font-mono text-xs break-all">{automatic.folder}</span>
              </p>
            </div>
            <AutomaticRules
              automatic={automatic}
              busy={changing.isPending}
              onChange={(change) => changing.mutate(change)}
            />
          </>
        ) : (
          <>
            <Note tone="event">{t('backup.automatic.off')}</Note>
            <Button look="primary" className="self-start" onClick={() => setSetting(true)}>
              <KeyRound />
              {t('backup.passphrase.set')}
            </Button>
          </>
        )}
        {changing.isError ? <Note tone="danger">{errorSentence(changing.error, t)}</Note> : null}
      </div>
      {setting ? <PassphraseDialog isFirst={!automatic.hasPassphrase} onClose={() => setSetting(false)} /> : null}
    </Section>
  )
}

function NextBackup({ automatic: { isOn, nextMs } }: { automatic: AutomaticBackup }) {
  const { t } = useTranslation()
  const nowMs = useNow(60_000)
  if (!isOn || nextMs === null) return <Note tone="event">{t('backup.automatic.paused')}</Note>
  return (
    <p className="font-medium" title={formatDateTime(nextMs)}>
      {nextMs <= nowMs ? t('backup.automatic.soon') : t('backup.automatic.on', { at: formatAgo(nextMs, nowMs) })}
    </p>
  )
}
