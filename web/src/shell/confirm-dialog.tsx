/** One action that is asked about before it is done: what will happen, and the button. */
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Note } from '../ui/states.tsx'

interface Props {
  title: string
  /** The button's words. */
  action: string
  run: () => Promise<unknown>
  onDone: () => void
  onClose: () => void
  /** What will happen. */
  children: ReactNode
}

export function ConfirmDialog({ title, action, run, onDone, onClose, children }: Props) {
  const { t } = useTranslation()
  const doing = useMutation({ mutationFn: run, onSuccess: onDone })
  return (
    <Dialog
      title={title}
      closeLabel={t('common.close')}
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button look="danger" busy={doing.isPending} onClick={() => doing.mutate()}>
            {action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-mid">{children}</p>
        {doing.isError ? <Note tone="danger">{errorSentence(doing.error, t)}</Note> : null}
      </div>
    </Dialog>
  )
}
