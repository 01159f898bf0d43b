/** Setting up an app's codes: password, QR code and first code, recovery codes. In a dialog of the profile, or forced at sign-in. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { beginTotp, confirmTotp } from '../api/second-factor.ts'
import { errorSentence, fieldSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Note } from '../ui/states.tsx'
import { CurrentPassword } from './current-password.tsx'
import { QrCode } from './qr-code.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

/** `onDone` is called when the codes are in force and the recovery codes, if there are new ones, were put away. */
export function TotpEnrolment({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const begin = useMutation({ mutationFn: beginTotp })
  const confirm = useMutation({ mutationFn: confirmTotp, onSuccess: (codes) => codes ?? onDone() })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (begin.data) confirm.mutate(code)
    else begin.mutate(password)
  }
  if (confirm.data) return <RecoveryCodes codes={confirm.data} onDone={onDone} />
  if (!begin.data) {
    return (
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <p className="text-mid">{t('auth.totp.intro')}</p>
        <CurrentPassword value={password} onChange={setPassword} error={begin.error} />
        <Problem error={begin.error} field="password" />
        <Button type="submit" look="primary" className="self-end" busy={begin.isPending}>
          {t('auth.totp.next')}
        </Button>
      </form>
    )
  }
  const { secret, uri } = begin.data
  const grouped = secret.match(/.{1,4}/g)?.join(' ') ?? secret
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <div className="flex flex-wrap items-start gap-4">
        <QrCode text={uri} label={t('auth.totp.qr')} />
        <div className="flex min-w-0 flex-1 basis-48 flex-col gap-3">
          <p className="text-mid">{t('auth.totp.scan')}</p>
          <p className="text-mid">{t('auth.totp.orType')}</p>
          <code className="font-mono text-sm wrap-anywhere select-all">{grouped}</code>
          <div>
            <CopyButton text={secret} label={t('auth.totp.copy')} doneLabel={t('common.copied')} />
          </div>
        </div>
      </div>
      <Field label={t('auth.totp.code')} hint={t('auth.totp.codeHint')} error={fieldSentence(confirm.error, 'code', t)}>
        {(control) => (
          <Input
            {...control}
            className="max-w-40 font-mono"
            autoComplete="one-time-code"
            inputMode="numeric"
            autoFocus
            required
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      <Problem error={confirm.error} field="code" />
      <Button type="submit" look="primary" className="self-end" busy={confirm.isPending}>
        {t('auth.totp.confirm')}
      </Button>
    </form>
  )
}

/** A refusal that does not stand at its field already. */
function Problem({ error, field }: { error: unknown; field: string }) {
  const { t } = useTranslation()
  if (!error || fieldSentence(error, field, t)) return null
  return <Note tone="danger">{errorSentence(error, t)}</Note>
}
