/** The second factor of one's account: an app's codes, passkeys, recovery codes, and the devices that are spared it. */
import { useQuery } from '@tanstack/react-query'
import type { SecondFactorState } from '@vedette/shared/second-factor.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { readSecondFactor } from '../api/second-factor.ts'
import { canUsePasskeys } from '../auth/passkey.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { type FactorDialog, FactorDialogs } from './factor-dialogs.tsx'
import { FactorRow } from './factor-row.tsx'
import { PasskeyRows } from './passkey-rows.tsx'
import { TrustedDevices } from './trusted-devices.tsx'

export function SecondFactorSection() {
  const { t } = useTranslation()
  const state = useQuery({ queryKey: keys.secondFactor, queryFn: ({ signal }) => readSecondFactor(signal) })
  return (
    <Section title={t('profile.factor.title')} hint={t('profile.factor.hint')}>
      <QueryView query={state}>{(known) => <Factors state={known} />}</QueryView>
    </Section>
  )
}

function Factors({ state }: { state: SecondFactorState }) {
  const { t } = useTranslation()
  const [dialog, setDialog] = useState<FactorDialog | null>(null)
  const passkeysWork = canUsePasskeys()
  const hasFactor = state.totp || state.passkeys.length > 0
  return (
    <div className="flex flex-col">
      {state.isRequired ? <p className="pb-2 text-mid">{t('profile.factor.required')}</p> : null}
      <FactorRow
        title={t('profile.factor.app')}
        mark={<OnOff on={state.totp} />}
        hint={t('profile.factor.appHint')}
        actions={
          <>
            <Button look={hasFactor ? 'plain' : 'primary'} onClick={() => setDialog({ open: 'totp' })}>
              {t(state.totp ? 'profile.factor.newApp' : 'profile.factor.setUpApp')}
            </Button>
            {state.totp ? (
              <Button look="danger-plain" onClick={() => setDialog({ open: 'remove-totp' })}>
                {t('profile.factor.remove')}
              </Button>
            ) : null}
          </>
        }
      />
      <FactorRow
        title={t('profile.factor.passkeys')}
        mark={<OnOff on={state.passkeys.length > 0} />}
        hint={t(passkeysWork ? 'profile.factor.passkeysHint' : 'profile.factor.noPasskeysHere')}
        actions={
          passkeysWork ? (
            <Button onClick={() => setDialog({ open: 'passkey' })}>{t('profile.factor.addPasskey')}</Button>
          ) : null
        }
      >
        <PasskeyRows
          passkeys={state.passkeys}
          onRemove={({ id, name }) => setDialog({ open: 'remove-passkey', id, name })}
        />
      </FactorRow>
      {hasFactor ? (
        <FactorRow
          title={t('profile.factor.recovery')}
          mark={
            <Badge tone={state.recoveryCodes > 2 ? 'low' : 'event'}>
              {t('profile.factor.codesLeft', { count: state.recoveryCodes })}
            </Badge>
          }
          hint={t('profile.factor.recoveryHint')}
          actions={<Button onClick={() => setDialog({ open: 'codes' })}>{t('profile.factor.newCodes')}</Button>}
        />
      ) : null}
      <TrustedDevices devices={state.devices} />
      {dialog ? <FactorDialogs dialog={dialog} onClose={() => setDialog(null)} /> : null}
    </div>
  )
}

function OnOff({ on }: { on: boolean }) {
  const { t } = useTranslation()
  return <Badge tone={on ? 'good' : 'low'}>{t(on ? 'profile.factor.on' : 'profile.factor.off')}</Badge>
}
