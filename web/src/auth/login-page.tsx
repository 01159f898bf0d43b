/** Signing in: password, a second factor where there is one, and back to where the session ended. */
import { useRouter, useSearch } from '@tanstack/react-router'
import type { Me } from '@vedette/shared/user.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { Note } from '../ui/states.tsx'
import { Entrance } from './entrance.tsx'
import { PasswordStep } from './password-step.tsx'
import { SecondFactorStep } from './second-factor-step.tsx'
import type { FactorMethods } from './use-second-factor.ts'

type Step = { readonly at: 'password'; readonly problem?: string } | { readonly at: 'factor'; methods: FactorMethods }

export function LoginPage() {
  const { t } = useTranslation()
  const router = useRouter()
  const { to } = useSearch({ from: '/login' })
  const [step, setStep] = useState<Step>({ at: 'password' })
  const finish = (user: Me) => {
    queryClient.clear() // Nothing of another user may stay.
    queryClient.setQueryData(keys.me, user)
    router.history.replace(to ?? user.defaultPage ?? '/live')
  }
  if (step.at === 'factor') {
    return (
      <Entrance title={t('auth.factor.title')}>
        <SecondFactorStep
          methods={step.methods}
          onDone={finish}
          onOver={(problem) => setStep({ at: 'password', problem })}
        />
      </Entrance>
    )
  }
  return (
    <Entrance title={t('auth.login.title')}>
      {step.problem ? <Note tone="event">{step.problem}</Note> : null}
      <PasswordStep onDone={finish} onMore={(methods) => setStep({ at: 'factor', methods })} />
      <p className="text-xs text-low">{t('auth.login.forgotten')}</p>
    </Entrance>
  )
}
