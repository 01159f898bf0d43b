/** What a restore would change, and the button that does exactly that. */
import { useMutation } from '@tanstack/react-query'
import type { RestoreDone, RestorePlan } from '@vedette/shared/backup.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatDateTime } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Note } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'
import { KindChanges } from './kind-changes.tsx'

interface Props {
  plan: RestorePlan
  onClose: () => void
  confirm: (isAccepted: boolean) => Promise<RestoreDone>
  /** Once it is done and this is closed. */
  onDone: (done: RestoreDone) => Promise<void>
}

export function PlanDialog({ plan, onClose, confirm, onDone }: Props) {
  const { t } = useTranslation()
  const [isAccepted, setIsAccepted] = useState(false)
  const count = plan.kinds.reduce(
    (sum, { added, changed, removed }) => sum + added.length + changed.length + removed.length,
    0,
  )
  const isLoss = plan.kinds.some(({ changed, removed }) => changed.length + removed.length > 0)
  const restoring = useMutation({
    mutationFn: () => confirm(isAccepted),
    onSuccess: async (done) => {
      tell(t('backup.restore.done', { count: done.changes }))
      onClose()
      await onDone(done)
    },
  })
  return (
    <Dialog
      title={t('backup.restore.title')}
      closeLabel={t('common.close')}
      onClose={onClose}
      footer={
        count === 0 ? (
          <Button look="primary" onClick={onClose}>
            {t('common.close')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button
              look={isLoss ? 'danger' : 'primary'}
              disabled={plan.locksYouOut && !isAccepted}
              busy={restoring.isPending}
              onClick={() => restoring.mutate()}
            >
              {t('backup.restore.confirm', { count })}
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-mid">
          {t('backup.restore.made', { at: formatDateTime(plan.madeMs), version: plan.madeBy })}
        </p>
        {plan.warnings.map(({ about, name }) => (
          <Note key={`${about} ${name}`} tone={about === 'unknown_volume' ? 'low' : 'event'}>
            {t(`backup.warning.${about}`, { name })}
          </Note>
        ))}
        {count === 0 ? <Note tone="good">{t('backup.restore.nothing')}</Note> : null}
        {plan.kinds.map((change) => (
          <KindChanges key={change.kind} change={change} />
        ))}
        {plan.endsSessionsOf.length > 0 ? (
          <p className="text-mid">{t('backup.restore.sessions', { names: plan.endsSessionsOf.join(', ') })}</p>
        ) : null}
        {plan.signsYouOut && !plan.locksYouOut ? <Note tone="event">{t('backup.restore.signsYouOut')}</Note> : null}
        {plan.locksYouOut ? (
          <Checkbox label={t('backup.restore.accept')} checked={isAccepted} onChange={setIsAccepted} />
        ) : null}
        {restoring.isPending ? <p role="status">{t('backup.restore.doing')}</p> : null}
        {restoring.isError ? <Note tone="danger">{errorSentence(restoring.error, t)}</Note> : null}
      </div>
    </Dialog>
  )
}
