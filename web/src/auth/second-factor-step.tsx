/** The second half of signing in: an app's code or a passkey; a recovery code where both are lost. */

import type { Me } from '@vedette/shared/user.ts'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import { canUsePasskeys, passkeySentence } from './passkey.ts'
import { type FactorMethods, useSecondFactor } from './use-second-factor.ts'

interface Props {
  methods: FactorMethods
  onDone: (user: Me) => void
  onOver: (problem: string) => void
}

export function SecondFactorStep({ methods, onDone, onOver }: Props) {
  const { t } = useTranslation()
  const hasApp = methods.includes('totp')
  const hasPasskey = methods.includes('passkey') && canUsePasskeys()
  const hasRecovery = methods.includes('recovery')
  const [isRecovering, setRecovering] = useState(!hasApp && !hasPasskey)
  const [code, setCode] = useState('')
  const [trustDevice, setTrustDevice] = useState(false)
  const proof = useSecondFactor({ onDone, onOver })
  const method = isRecovering ? 'recovery' : 'totp'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    proof.mutate({ given: { method, code }, trustDevice })
  }
  const choose = (recovering: boolean) => {
    setRecovering(recovering)
    setCode('')
    proof.reset()
  }
  return (
    <div className="flex flex-col gap-4">
      {hasPasskey && !isRecovering ? (
        <Button
          look={hasApp ? 'plain' : 'primary'}
          busy={proof.isPending}
          onClick={() => proof.mutate({ given: { method: 'passkey' }, trustDevice })}
        >
          <KeyRound />
          {t('auth.factor.usePasskey')}
        </Button>
      ) : null}
      <form className="flex flex-col gap-4" onSubmit={submit}>
        {hasApp || isRecovering ? (
          <Field
            key={method}
            label={t(`auth.factor.${method}`)}
            hint={t(isRecovering ? 'auth.factor.recoveryHint' : 'auth.factor.totpHint')}
          >
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                autoComplete={isRecovering ? 'off' : 'one-time-code'}
                inputMode={isRecovering ? 'text' : 'numeric'}
                autoCapitalize="off"
                autoFocus
                required
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        <Checkbox
          label={t('auth.factor.trust')}
          hint={t('auth.factor.trustHint')}
          checked={trustDevice}
          onChange={setTrustDevice}
        />
        {proof.isError ? <Note tone="danger">{passkeySentence(proof.error, t)}</Note> : null}
        {hasApp || isRecovering ? (
          <Button type="submit" look="primary" busy={proof.isPending}>
            {t('auth.login.submit')}
          </Button>
        ) : null}
      </form>
      {hasRecovery && (hasApp || hasPasskey) ? (
        <Button look="quiet" className="self-start" onClick={() => choose(!isRecovering)}>
          {t(isRecovering ? 'auth.factor.toUsual' : 'auth.factor.toRecovery')}
        </Button>
      ) : null}
      {methods.length === 0 ? <Note tone="event">{t('auth.factor.none')}</Note> : null}
      <p className="text-xs text-low">{t('auth.factor.lost')}</p>
    </div>
  )
}
