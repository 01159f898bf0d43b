/** An empty page that says, after a moment, what it waits for. */
import { useTranslation } from 'react-i18next'

export function Waiting({ label }: { label?: string }) {
  const { t } = useTranslation()
  return (
    <p
      role="status"
      className="grid min-h-[60dvh] place-items-center p-4 text-mid opacity-0 [animation:appear_150ms_500ms_forwards]"
    >
      {label ?? t('shell.starting')}
    </p>
  )
}
