/** Where the one-time code of set-up is typed. */
import { useTranslation } from 'react-i18next'
import { Field, Input } from '../ui/field.tsx'
import type { SetupCode } from './use-setup-code.ts'

export function SetupCodeField({ setup, error }: { setup: SetupCode; error?: string | undefined }) {
  const { t } = useTranslation()
  return (
    <Field
      label={t('auth.setup.code')}
      hint={t(setup.isFromLink ? 'auth.setup.codeFromLink' : 'auth.setup.codeHint')}
      error={error}
    >
      {(control) => (
        <Input
          {...control}
          name="code"
          value={setup.code}
          onChange={(event) => setup.setCode(event.target.value)}
          autoComplete="one-time-code"
          className="font-mono"
        />
      )}
    </Field>
  )
}
