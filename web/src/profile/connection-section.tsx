/** How this server is known over HTTPS: its certificates and, where it made them itself, the authority to trust on this device. */
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { readCertificateState } from '../api/system.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { CertificateRows, Fingerprint } from './certificate-rows.tsx'

export function ConnectionSection() {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: keys.certificate,
    queryFn: ({ signal }) => readCertificateState(signal),
  })
  // On its own machine, or behind a proxy, there is nothing to be known by.
  if (!data || data.certificates.length === 0) return null
  const { authority } = data
  return (
    <Section title={t('profile.connection.title')} hint={authority ? t('profile.connection.hint') : undefined}>
      {authority ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
          <Button asChild>
            <a href={authority.path} download>
              <Download />
              {t('profile.connection.download')}
            </a>
          </Button>
          <Fingerprint label={t('profile.connection.authority')} value={authority.fingerprint} />
        </div>
      ) : null}
      <CertificateRows certificates={data.certificates} />
    </Section>
  )
}
