/** What a page shows instead of itself when it throws, and where no page is. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Empty, Failed } from '../ui/states.tsx'

/** Also after an update of the server: a page's code may be gone, and reloading brings the new one. */
export function Crash() {
  const { t } = useTranslation()
  return (
    <Failed
      title={t('shell.crashed')}
      action={<Button onClick={() => window.location.reload()}>{t('shell.reload')}</Button>}
    />
  )
}

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Empty
      title={t('shell.notFound')}
      action={
        <Button asChild>
          <Link to="/live">{t('shell.toLive')}</Link>
        </Button>
      }
    />
  )
}
