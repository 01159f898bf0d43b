/** Address, user name, password, transport: of a new camera and in a camera's settings. A pasted URL is split at once. */
import { useTranslation } from 'react-i18next'
import { PasswordInput } from '../auth/password-input.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { type Connection, splitAddress } from './address.ts'

interface Props {
  value: Connection
  onChange: (change: Partial<Connection>) => void
  errors?: Readonly<Record<string, string | undefined>>
  /** What is said below the password. */
  passwordHint?: string | undefined
  autoFocus?: boolean
}

export function AddressFields({ value, onChange, errors = {}, passwordHint, autoFocus = false }: Props) {
  const { t } = useTranslation()
  const split = (text: string) => {
    const { address, username, password } = splitAddress(text)
    onChange({ address, ...(username !== undefined && { username }), ...(password !== undefined && { password }) })
  }
  return (
    <div className="flex flex-col gap-4">
      <Field label={t('cameras.address.label')} hint={t('cameras.address.hint')} error={errors.address}>
        {(control) => (
          <Input
            {...control}
            name="address"
            inputMode="url"
            autoCapitalize="off"
            autoComplete="off"
            placeholder="rtsp://192.168.1.20:554/stream1"
            autoFocus={autoFocus}
            value={value.address}
            onChange={(event) => onChange({ address: event.target.value })}
            onPaste={(event) => {
              event.preventDefault()
              const { value: text, selectionStart, selectionEnd } = event.currentTarget
              const start = selectionStart ?? text.length
              const pasted = event.clipboardData.getData('text')
              split(text.slice(0, start) + pasted + text.slice(selectionEnd ?? start))
            }}
            onBlur={(event) => split(event.target.value)}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('cameras.address.username')} error={errors.username}>
          {(control) => (
            <Input
              {...control}
              name="camera-user"
              autoComplete="off"
              autoCapitalize="off"
              value={value.username}
              onChange={(event) => onChange({ username: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('cameras.address.password')} hint={passwordHint} error={errors.password}>
          {(control) => (
            <PasswordInput
              {...control}
              name="camera-password"
              autoComplete="off"
              value={value.password ?? ''}
              onChange={(event) => onChange({ password: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div className="flex flex-col gap-1">
        <span className="font-medium">{t('cameras.address.transport')}</span>
        <Segmented
          label={t('cameras.address.transport')}
          value={value.transport}
          options={[
            { value: 'tcp', label: 'TCP' },
            { value: 'udp', label: 'UDP' },
          ]}
          onChoose={(transport) => onChange({ transport })}
        />
        <p className="text-xs text-low">{t('cameras.address.transportHint')}</p>
      </div>
    </div>
  )
}

/** Just an address: the sub stream lives on the same camera, with the same password. */
export function SubAddressField({
  value,
  onChange,
  error,
}: {
  value: string
  onChange: (address: string) => void
  error: string | undefined
}) {
  const { t } = useTranslation()
  return (
    <Field label={t('cameras.address.sub')} hint={t('cameras.address.subHint')} error={error}>
      {(control) => (
        <Input
          {...control}
          name="sub-address"
          inputMode="url"
          autoCapitalize="off"
          autoComplete="off"
          placeholder="rtsp://192.168.1.20:554/stream2"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={(event) => onChange(splitAddress(event.target.value).address)}
        />
      )}
    </Field>
  )
}
