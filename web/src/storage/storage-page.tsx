/** Volumes and what they hold. */
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/page.tsx'

export function StoragePage() {
  const { t } = useTranslation()
  return <Page title={t('storage.title')}>{null}</Page>
}
