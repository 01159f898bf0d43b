/** How Vedette itself does: problems first, then processes, what holds each back, database, volumes, certificates. For administrators. */
import '../i18n/english-later.ts'
import { useQuery } from '@tanstack/react-query'
import type { SystemReport } from '@vedette/shared/system.ts'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { readSystemReport } from '../api/system.ts'
import { formatLength } from '../i18n/format.ts'
import { serverSentence } from '../i18n/server-sentence.ts'
import { QueryView } from '../shell/query-view.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Page, Section } from '../ui/page.tsx'
import { Note } from '../ui/states.tsx'
import { CertificateFacts } from './certificate-facts.tsx'
import { MachineFacts } from './machine-facts.tsx'
import { ProcessTable } from './process-table.tsx'
import { Sandbox } from './sandbox.tsx'

const readEveryMs = 5000

export function StatusPage() {
  const { t } = useTranslation()
  const report = useQuery({
    queryKey: keys.systemReport,
    queryFn: ({ signal }) => readSystemReport(signal),
    refetchInterval: readEveryMs,
    retry: false,
  })
  return (
    <Page
      title={t('status.title')}
      narrow
      actions={
        report.data ? (
          <CopyButton
            text={JSON.stringify(report.data, null, 2)}
            label={t('status.copy')}
            doneLabel={t('status.copied')}
          />
        ) : null
      }
    >
      <QueryView query={report} rows={8}>
        {(data) => (
          <>
            <Problems report={data} />
            <Section
              title={t('status.processes')}
              hint={t('status.up', { version: data.version, length: formatLength(data.nowMs - data.startedMs) })}
            >
              <ProcessTable report={data} />
            </Section>
            <Sandbox sandbox={data.sandbox} />
            <MachineFacts report={data} />
            <CertificateFacts />
          </>
        )}
      </QueryView>
    </Page>
  )
}

function Problems({ report }: { report: SystemReport }) {
  const { t } = useTranslation()
  const givenUp = report.givenUp.map(({ name }) => t('status.givenUp', { name }))
  const clocks = report.clocks.map(({ name, offsetMs }) =>
    t(offsetMs > 0 ? 'status.clockAhead' : 'status.clockBehind', { name, length: formatLength(Math.abs(offsetMs)) }),
  )
  const serious = [...report.problems, ...givenUp]
  return (
    <section aria-label={t('status.problems')} className="flex flex-col gap-2 border-b border-line px-4 py-5">
      {serious.map((problem) => (
        <Note key={problem} tone="danger" icon={<TriangleAlert className="text-danger" />}>
          {serverSentence(problem)}
        </Note>
      ))}
      {clocks.map((sentence) => (
        <Note key={sentence} tone="event">
          {sentence}
        </Note>
      ))}
      {serious.length + clocks.length === 0 ? (
        <Note tone="good" icon={<CircleCheck className="text-good" />}>
          {t('status.noProblems')}
        </Note>
      ) : null}
    </section>
  )
}
