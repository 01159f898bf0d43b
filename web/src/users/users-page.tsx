/** Who may do what: users, roles, camera groups, of whom a second factor is required, everybody's tokens. For administrators. */
import '../i18n/english-later.ts'
import { Link } from '@tanstack/react-router'
import { UserRoundPlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { AllTokens } from './all-tokens.tsx'
import { GroupsSection } from './groups-section.tsx'
import { PolicySection } from './policy-section.tsx'
import { RolesSection } from './roles-section.tsx'
import { useUsers } from './use-accounts.ts'
import { UserTable } from './user-table.tsx'

export function UsersPage() {
  const { t } = useTranslation()
  const users = useUsers()
  return (
    <Page
      title={t('users.title')}
      narrow
      actions={
        users.data ? (
          <Button look="primary" asChild>
            <Link to="/users/new">
              <UserRoundPlus />
              {t('users.add')}
            </Link>
          </Button>
        ) : null
      }
    >
      {/* Whoever may not see the users is told so once, not by every section. */}
      <QueryView query={users}>
        {(list) => (
          <>
            <UserTable users={list} />
            <div className="border-t border-line" />
            <GroupsSection />
            <RolesSection />
            <PolicySection />
            <AllTokens />
          </>
        )}
      </QueryView>
    </Page>
  )
}
