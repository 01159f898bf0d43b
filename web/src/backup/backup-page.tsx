/** Backups of the configuration: the automatic one, those that are here, a file for elsewhere, and the way back. For administrators. */
import '../i18n/english-later.ts'
import { useQuery } from '@tanstack/react-query'
import { Download, Upload } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readBackups } from '../api/backups.ts'
import { keys } from '../api/keys.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Page, Section } from '../ui/page.tsx'
import { AutomaticSection } from './automatic-section.tsx'
import { BackupList } from './backup-list.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { RestoreDialog, type RestoreTarget } from './restore-dialog.tsx'

export function BackupPage() {
  const { t } = useTranslation()
  const [exporting, setExporting] = useState(false)
  const [restoring, setRestoring] = useState<RestoreTarget | null>(null)
  const backups = useQuery({
    queryKey: keys.backups,
    queryFn: ({ signal }) => readBackups(signal),
    // One that is due is there in a moment.
    refetchInterval: ({ state }) => ((state.data?.automatic.nextMs ?? Infinity) <= Date.now() ? 2000 : 30_000),
  })
  return (
    <Page title={t('shell.place.backup')} narrow>
      <p className="max-w-prose px-4 pt-5 text-mid">{t('backup.hint')}</p>
      <QueryView query={backups}>
        {(state) => (
          <>
            <AutomaticSection automatic={state.automatic} />
            <BackupList
              state={state}
              onRestore={(backup) =>
                setRestoring({ kind: 'here', backup, hasPassphrase: state.automatic.hasPassphrase })
              }
            />
          </>
        )}
      </QueryView>
      <Section title={t('backup.elsewhere.title')} hint={t('backup.elsewhere.hint')}>
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setExporting(true)}>
            <Download />
            {t('backup.export.open')}
          </Button>
          <Button onClick={() => setRestoring({ kind: 'file' })}>
            <Upload />
            {t('backup.restore.open')}
          </Button>
        </div>
      </Section>
      {exporting ? <ExportDialog onClose={() => setExporting(false)} /> : null}
      {restoring ? <RestoreDialog target={restoring} onClose={() => setRestoring(null)} /> : null}
    </Page>
  )
}
