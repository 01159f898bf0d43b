/** How this server is known over HTTPS: its certificates and, where it made them itself, the authority to trust on this device. */
import { useQuery } from '@tanstack/react-query'
import type { CertificateState } from '@vedette/shared/certificate.ts'
import { Download } from 'lucide-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { readCertificateState } from '../api/system.ts'
import { formatDate } from '../i18n/format.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'

const shownNames = 4
const warnMs = 14 * 86_400_000

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
      <ul>
        {data.certificates.map((certificate) => (
          <CertificateRow key={certificate.fingerprint} certificate={certificate} />
        ))}
      </ul>
    </Section>
  )
}

function CertificateRow({ certificate }: { certificate: CertificateState['certificates'][number] }) {
  const { t } = useTranslation()
  const { kind, names, endsMs, fingerprint } = certificate
  const more = names.length - shownNames
  return (
    <li className="border-t border-line py-3">
      <p className="flex flex-wrap items-center gap-2 font-medium" title={names.join('\n')}>
        <span className="min-w-0 break-words">{names.slice(0, shownNames).join(', ')}</span>
        {more > 0 ? <span className="text-low">{t('profile.connection.more', { count: more })}</span> : null}
        <Badge tone={endsMs - Date.now() < warnMs ? 'danger' : 'good'}>
          {t('profile.connection.until', { date: formatDate(endsMs) })}
        </Badge>
      </p>
      <p className="text-mid">{t(`profile.connection.${kind}`)}</p>
      <Fingerprint label={t('profile.connection.fingerprint')} value={fingerprint} />
    </li>
  )
}

/** Broken between its bytes, so that it can be compared by eye. */
function Fingerprint({ label, value }: { label: string; value: string }) {
  return (
    <p className="min-w-0 text-xs text-low">
      {label}{' '}
      <code className="font-mono select-all text-mid">
        {value.split(':').map((byte, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bytes have no other name, and their order never changes.
          <Fragment key={i}>
            {i > 0 ? ':' : null}
            {i > 0 ? <wbr /> : null}
            {byte}
          </Fragment>
        ))}
      </code>
    </p>
  )
}
