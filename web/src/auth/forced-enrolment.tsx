/** An account that must have a second factor and has none: nothing but setting one up, or leaving. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../api/queries.ts'
import { useSignOut } from '../shell/use-sign-out.ts'
import { Button } from '../ui/button.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Note } from '../ui/states.tsx'
import { Entrance } from './entrance.tsx'
import { canUsePasskeys } from './passkey.ts'
import { PasskeyEnrolment } from './passkey-enrolment.tsx'
import { TotpEnrolment } from './totp-enrolment.tsx'

export function ForcedEnrolment() {
  const { t } = useTranslation()
  const signOut = useSignOut()
  const [way, setWay] = useState<'totp' | 'passkey'>('totp')
  const done = () => void queryClient.invalidateQueries()
  return (
    <Entrance title={t('auth.enrol.title')}>
      <Note tone="event">{t('auth.enrol.why')}</Note>
      {canUsePasskeys() ? (
        <Segmented
          label={t('auth.enrol.way')}
          value={way}
          options={[
            { value: 'totp', label: t('auth.enrol.app') },
            { value: 'passkey', label: t('auth.enrol.passkey') },
          ]}
          onChoose={setWay}
        />
      ) : null}
      {way === 'totp' ? <TotpEnrolment onDone={done} /> : <PasskeyEnrolment onDone={done} />}
      <Button look="quiet" className="self-start" onClick={signOut}>
        {t('shell.account.signOut')}
      </Button>
    </Entrance>
  )
}
