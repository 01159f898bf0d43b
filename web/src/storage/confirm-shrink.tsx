/** Asks before rules are saved that delete footage at once. */
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

interface Props {
  /** How much goes, with its unit. */
  size: string
  onClose: () => void
  onConfirm: () => void
}

export function ConfirmShrink({ size, onClose, onConfirm }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog
      title={t('storage.confirm.title', { size })}
      closeLabel={t('common.close')}
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button look="danger" onClick={onConfirm}>
            {t('storage.confirm.yes', { size })}
          </Button>
        </>
      }
    >
      {t('storage.confirm.text')}
    </Dialog>
  )
}
