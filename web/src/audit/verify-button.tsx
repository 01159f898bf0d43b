/** Checks the chain of the log and says what came of it. */
import { useMutation } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { verifyAudit } from '../api/audit.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatNumber } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Note } from '../ui/states.tsx'

export function VerifyButton() {
  const { t } = useTranslation()
  const check = useMutation({
    mutationFn: verifyAudit,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.audit }),
  })
  const { data: verdict } = check
  return (
    <>
      <Button busy={check.isPending} onClick={() => check.mutate()}>
        <ShieldCheck />
        {t('audit.verify.open')}
      </Button>
      {check.isSuccess || check.isError ? (
        <Dialog title={t('audit.verify.title')} closeLabel={t('common.close')} onClose={check.reset}>
          {check.isError ? <Note tone="danger">{errorSentence(check.error, t)}</Note> : null}
          {verdict?.problems.length === 0 ? (
            <Note tone="good">
              {t('audit.verify.whole', { count: verdict.entries, entries: formatNumber(verdict.entries) })}
            </Note>
          ) : null}
          {verdict && verdict.problems.length > 0 ? (
            <>
              <Note tone="danger">{t('audit.verify.broken')}</Note>
              <ul className="mt-3 flex list-disc flex-col gap-1 pl-5">
                {verdict.problems.map((problem) => (
                  <li key={problem}>{problem}</li>
                ))}
              </ul>
            </>
          ) : null}
          <p className="mt-3 text-mid">{t('audit.verify.hint')}</p>
        </Dialog>
      ) : null}
    </>
  )
}
