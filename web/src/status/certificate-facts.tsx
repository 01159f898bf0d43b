/** What this server proves itself with over HTTPS, or why there is nothing to prove. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { readCertificateState } from '../api/system.ts'
import { CertificateRows } from '../profile/certificate-rows.tsx'
import { QueryView } from '../shell/query-view.tsx'
import { Section } from '../ui/page.tsx'

export function CertificateFacts() {
  const { t } = useTranslation()
  const state = useQuery({ queryKey: keys.certificate, queryFn: ({ signal }) => readCertificateState(signal) })
  return (
    <Section title={t('status.certificates')}>
      <QueryView query={state} rows={2}>
        {({ certificates }) =>
          certificates.length > 0 ? (
            <CertificateRows certificates={certificates} />
          ) : (
            <p className="text-mid">{t('status.noCertificate')}</p>
          )
        }
      </QueryView>
    </Section>
  )
}
