/** What saving will restart, and the buttons. There only while something is unsaved; leaving the page then asks. */
import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import type { DraftWork } from './use-camera-draft.ts'

export function SaveBar({ work }: { work: DraftWork }) {
  const { t } = useTranslation()
  const isDirty = work.changed.length > 0
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: isDirty,
    withResolver: true,
  })
  return (
    <>
      {isDirty ? (
        <div className="sticky bottom-0 mt-auto flex flex-wrap items-center gap-3 border-t border-line bg-surface-1 px-4 py-3">
          <p role={work.problem ? 'alert' : 'status'} className="min-w-0 flex-1 basis-56 text-mid">
            {work.problem ? (
              <span className="text-danger-text">{work.problem}</span>
            ) : (
              t(work.reconnects ? 'cameras.savingReconnects' : 'cameras.savingAtOnce')
            )}
          </p>
          <div className="ml-auto flex gap-2">
            <Button look="quiet" onClick={work.discard}>
              {t('cameras.discard')}
            </Button>
            <Button look="primary" busy={work.isSaving} onClick={work.save}>
              {t('common.save')}
            </Button>
          </div>
        </div>
      ) : null}
      {blocker.status === 'blocked' ? (
        <Dialog
          title={t('cameras.leave.title')}
          closeLabel={t('common.close')}
          onClose={blocker.reset}
          footer={
            <>
              <Button
                onClick={() => {
                  work.discard()
                  blocker.proceed()
                }}
              >
                {t('cameras.leave.discard')}
              </Button>
              <Button look="primary" data-autofocus onClick={blocker.reset}>
                {t('cameras.leave.stay')}
              </Button>
            </>
          }
        >
          {t('cameras.leave.text')}
        </Dialog>
      ) : null}
    </>
  )
}
