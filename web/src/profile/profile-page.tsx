/** One's own account: who one is, password, second factor, where one is signed in, API tokens. */
import '../i18n/english-later.ts'
import type { Me } from '@vedette/shared/user.ts'
import { useTranslation } from 'react-i18next'
import { useMe } from '../api/queries.ts'
import { Page } from '../ui/page.tsx'
import { ConnectionSection } from './connection-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { PersonSection } from './person-section.tsx'
import { SecondFactorSection } from './second-factor-section.tsx'
import { SessionsSection } from './sessions-section.tsx'
import { TokensSection } from './tokens-section.tsx'

export function ProfilePage() {
  const { t } = useTranslation()
  const me = useMe().data
  return <Page title={t('shell.place.profile')}>{me ? <Sections me={me} /> : null}</Page>
}

function Sections({ me }: { me: Me }) {
  return (
    <div className="max-w-4xl">
      <PersonSection me={me} />
      <PasswordSection />
      <SecondFactorSection />
      <SessionsSection />
      <TokensSection />
      <ConnectionSection />
    </div>
  )
}
