/** Lets nobody past who is not signed in: to set-up where no administrator exists yet, else to the login page and back. */
import { useQuery } from '@tanstack/react-query'
import { Navigate, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { readSetup } from '../api/account.ts'
import { keys } from '../api/keys.ts'
import { useMe } from '../api/queries.ts'
import { QueryView } from './query-view.tsx'
import { Waiting } from './waiting.tsx'

export function SignInGate({ children }: { children: ReactNode }) {
  const me = useMe()
  if (me.isPending) return <Waiting />
  return <QueryView query={me}>{(user) => (user ? children : <ToSignIn />)}</QueryView>
}

function ToSignIn() {
  const { t } = useTranslation()
  const location = useLocation()
  const setup = useQuery({ queryKey: keys.setup, queryFn: ({ signal }) => readSetup(signal), staleTime: 0 })
  if (setup.isPending) return <Waiting label={t('common.loading')} />
  if (setup.data?.needed || setup.data?.closedReason) return <Navigate to="/setup" hash={location.hash} replace />
  return <Navigate to="/login" search={location.pathname === '/' ? {} : { to: location.href }} replace />
}
