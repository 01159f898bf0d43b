/** The dialogs of the second factor: set one up, remove one, make new recovery codes. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { removePasskey, removeTotp, renewRecoveryCodes } from '../api/second-factor.ts'
import { PasskeyEnrolment } from '../auth/passkey-enrolment.tsx'
import { PasswordDialog } from '../auth/password-dialog.tsx'
import { RecoveryCodes } from '../auth/recovery-codes.tsx'
import { TotpEnrolment } from '../auth/totp-enrolment.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/toast.tsx'

export type FactorDialog =
  | { readonly open: 'totp' }
  | { readonly open: 'passkey' }
  | { readonly open: 'remove-totp' }
  | { readonly open: 'codes' }
  | { readonly open: 'remove-passkey'; readonly id: string; readonly name: string }

export function FactorDialogs({ dialog, onClose }: { dialog: FactorDialog; onClose: () => void }) {
  const { t } = useTranslation()
  // Also where somebody turns away with the new codes on screen: the factor is in force by then.
  const close = () => {
    onClose()
    for (const queryKey of [keys.secondFactor, keys.sessions, keys.me]) void queryClient.invalidateQueries({ queryKey })
  }
  const done = (sentence: string) => {
    tell(sentence)
    close()
  }
  if (dialog.open === 'totp' || dialog.open === 'passkey') {
    const isApp = dialog.open === 'totp'
    return (
      <Dialog
        title={t(isApp ? 'profile.factor.appTitle' : 'profile.factor.passkeyTitle')}
        closeLabel={t('common.close')}
        onClose={close}
      >
        {isApp ? (
          <TotpEnrolment onDone={() => done(t('profile.factor.appDone'))} />
        ) : (
          <PasskeyEnrolment onDone={() => done(t('profile.factor.passkeyDone'))} />
        )}
      </Dialog>
    )
  }
  if (dialog.open === 'codes') return <NewCodes onClose={close} />
  return (
    <PasswordDialog
      title={
        dialog.open === 'remove-totp'
          ? t('profile.factor.removeAppTitle')
          : t('profile.factor.removePasskey', { name: dialog.name })
      }
      action={t('profile.factor.remove')}
      danger
      run={(password) => (dialog.open === 'remove-totp' ? removeTotp(password) : removePasskey(dialog.id, password))}
      onDone={() => done(t('profile.factor.removed'))}
      onClose={onClose}
    >
      {t(dialog.open === 'remove-totp' ? 'profile.factor.removeAppText' : 'profile.factor.removePasskeyText')}
    </PasswordDialog>
  )
}

function NewCodes({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  if (codes) {
    return (
      <Dialog title={t('auth.recovery.title')} closeLabel={t('common.close')} onClose={onClose}>
        <RecoveryCodes codes={codes} onDone={onClose} />
      </Dialog>
    )
  }
  return (
    <PasswordDialog
      title={t('profile.factor.newCodes')}
      action={t('profile.factor.makeCodes')}
      run={renewRecoveryCodes}
      onDone={setCodes}
      onClose={onClose}
    >
      {t('profile.factor.newCodesText')}
    </PasswordDialog>
  )
}
