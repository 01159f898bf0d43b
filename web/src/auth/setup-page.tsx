/** The first start: who administers, and where footage goes; then the first camera. Or everything from a backup. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SetupState } from '@vedette/shared/user.ts'
import { ArchiveRestore } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readSetup } from '../api/account.ts'
import { keys } from '../api/keys.ts'
import { formatBytes } from '../i18n/format.ts'
import { serverSentence } from '../i18n/server-sentence.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Loading, Note } from '../ui/states.tsx'
import { Entrance } from './entrance.tsx'
import { SetupForm } from './setup-form.tsx'
import { useSetupCode } from './use-setup-code.ts'

/** Few need it, and it brings the pages of backups along. */
const SetupRestore = lazy(() => import('../backup/setup-restore.tsx').then((file) => ({ default: file.SetupRestore })))

export function SetupPage() {
  const { t } = useTranslation()
  const setup = useQuery({ queryKey: keys.setup, queryFn: ({ signal }) => readSetup(signal), staleTime: 0 })
  return (
    <Entrance title={t('auth.setup.title')}>
      <QueryView query={setup}>{(state) => <Setup state={state} />}</QueryView>
    </Entrance>
  )
}

function Setup({ state }: { state: SetupState }) {
  const { t } = useTranslation()
  const code = useSetupCode()
  const [isRestoring, setRestoring] = useState(false)
  if (state.closedReason !== null) {
    return (
      <Note tone="danger">
        <p className="font-medium">{t('auth.setup.closed')}</p>
        <p className="text-mid">{serverSentence(state.closedReason)}</p>
      </Note>
    )
  }
  if (!state.needed) {
    return (
      <div className="flex flex-col items-start gap-4">
        <p className="text-mid">{t('auth.setup.done')}</p>
        <Button look="primary" asChild>
          <Link to="/login" search={{}}>
            {t('auth.setup.toLogin')}
          </Link>
        </Button>
      </div>
    )
  }
  if (isRestoring) {
    return (
      <Suspense fallback={<Loading label={t('common.loading')} rows={3} />}>
        <SetupRestore setup={code} onBack={() => setRestoring(false)} />
      </Suspense>
    )
  }
  return (
    <>
      <p className="text-mid">{t('auth.setup.intro')}</p>
      <SetupForm setup={code} />
      <section className="border-t border-line pt-4">
        <h2 className="text-sm">{t('auth.setup.storage')}</h2>
        {state.volume ? <Volume volume={state.volume} /> : <p className="text-mid">{t('auth.setup.noVolume')}</p>}
      </section>
      <section className="flex flex-col items-start gap-2 border-t border-line pt-4">
        <h2 className="text-sm">{t('auth.setup.before')}</h2>
        <p className="text-mid">{t('auth.setup.beforeHint')}</p>
        <Button onClick={() => setRestoring(true)}>
          <ArchiveRestore />
          {t('auth.setup.restore')}
        </Button>
      </section>
    </>
  )
}

function Volume({ volume }: { volume: NonNullable<SetupState['volume']> }) {
  const { t } = useTranslation()
  return (
    <>
      <p className="font-mono text-xs break-all text-mid">{volume.path}</p>
      <p className="text-mid">
        {t('auth.setup.volume', { free: formatBytes(volume.freeBytes) })},{' '}
        {t('auth.setup.days', { count: Math.floor(volume.daysAt4MbitPerCamera) })}
      </p>
    </>
  )
}
