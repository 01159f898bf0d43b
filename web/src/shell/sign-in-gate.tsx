/**
 * Lets nobody past who is not signed in: to set-up where no administrator exists yet, else to the login page and back.
 * An account that needs a second factor sets one up here first.
 */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readSetup } from '../api/account.ts'
import { keys } from '../api/keys.ts'
import { useMe } from '../api/queries.ts'
import { speakAs } from '../i18n/language.ts'
import { QueryView } from './query-view.tsx'
import { Waiting } from './waiting.tsx'

const ForcedEnrolment = lazy(async () => ({ default: (await import('../auth/forced-enrolment.tsx')).ForcedEnrolment }))

export function SignInGate({ children }: { children: ReactNode }) {
  const me = useMe()
  const language = me.data?.language
  useEffect(() => {
    if (language !== undefined) void speakAs(language).catch(() => {})
  }, [language])
  if (me.isPending) return <Waiting />
  return (
    <QueryView query={me}>
      {(user) => {
        if (!user) return <ToSignIn />
        if (!user.mustEnrol) return children
        return (
          <Suspense fallback={<Waiting />}>
            <ForcedEnrolment />
          </Suspense>
        )
      }}
    </QueryView>
  )
}

function ToSignIn() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  // Where the user was, read once: while the login page loads, the location is already another one.
  const [from] = useState(useRouterState().location)
  const setup = useQuery({ queryKey: keys.setup, queryFn: ({ signal }) => readSetup(signal), staleTime: 0 })
  const { data } = setup
  useEffect(() => {
    if (!data) return
    const isNew = data.needed || data.closedReason !== null
    if (isNew) void navigate({ to: '/setup', hash: from.hash, replace: true })
    else void navigate({ to: '/login', search: from.pathname === '/' ? {} : { to: from.href }, replace: true })
  }, [data, from, navigate])
  if (setup.isError) return <QueryView query={setup}>{() => null}</QueryView>
  return <Waiting label={t('common.loading')} />
}
