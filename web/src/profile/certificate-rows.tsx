/** Certificates, a row each: names, end, where it comes from, who signed it, fingerprint. Also on the status page. */
import type { CertificateState } from '@vedette/shared/certificate.ts'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDate } from '../i18n/format.ts'
import { Badge } from '../ui/badge.tsx'

type Certificate = CertificateState['certificates'][number]

const shownNames = 4
const warnMs = 14 * 86_400_000

export function CertificateRows({ certificates }: { certificates: readonly Certificate[] }) {
  return (
    <ul>
      {certificates.map((certificate) => (
        <CertificateRow key={certificate.fingerprint} certificate={certificate} />
      ))}
    </ul>
  )
}

function CertificateRow({ certificate }: { certificate: Certificate }) {
  const { t } = useTranslation()
  const { kind, names, issuer, endsMs, fingerprint } = certificate
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
      <p className="text-mid">
        {t(`profile.connection.${kind}`)} {issuer ? t('profile.connection.issuer', { issuer }) : null}
      </p>
      <Fingerprint label={t('profile.connection.fingerprint')} value={fingerprint} />
    </li>
  )
}

/** Broken between its bytes, so that it can be compared by eye. */
export function Fingerprint({ label, value }: { label: string; value: string }) {
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
