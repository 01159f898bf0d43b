/** The list of cameras. */
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/page.tsx'

export function CamerasPage() {
  const { t } = useTranslation()
  return <Page title={t('cameras.title')}>{null}</Page>
}
