/** What holds each process back: a table of layers, what to do about those that are missing, and what was tried. */
import type {
  ProcessName,
  ProcessSandbox,
  SandboxLayer,
  SandboxLayerName,
  SandboxReason,
} from '@vedette/shared/sandbox.ts'
import { useTranslation } from 'react-i18next'
import { StateDot, type Tone } from '../ui/badge.tsx'
import { Section } from '../ui/page.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { adviceOf } from './advice.ts'

const tones: Record<SandboxLayer['state'], Tone> = { active: 'good', missing: 'event', off: 'low' }

export function Sandbox({ sandbox }: { sandbox: readonly ProcessSandbox[] }) {
  const { t } = useTranslation()
  const rows = sandbox[0]?.layers.map(({ name }) => name) ?? []
  const find = (one: ProcessSandbox, name: SandboxLayerName) => one.layers.find((layer) => layer.name === name)
  const columns: readonly Column<SandboxLayerName>[] = [
    {
      key: 'layer',
      header: t('status.layer'),
      phone: 'title',
      cell: (name) => (
        <>
          <span className="font-medium">{t(`status.layers.${name}.name`)}</span>
          <span className="block text-xs text-mid">{t(`status.layers.${name}.what`)}</span>
          <span className="mt-2 grid grid-cols-[5rem_1fr] gap-x-4 gap-y-1 text-sm md:hidden">
            {sandbox.map((one) => (
              <PhoneState key={one.process} process={one.process} layer={find(one, name)} />
            ))}
          </span>
        </>
      ),
    },
    ...sandbox.map((one) => ({
      key: one.process,
      header: t(`shell.status.process.${one.process}`),
      className: 'whitespace-nowrap',
      phone: 'none' as const,
      cell: (name: SandboxLayerName) => <LayerState layer={find(one, name)} />,
    })),
  ]
  const advice = adviceOf(sandbox)
  return (
    <Section title={t('status.sandbox')} hint={t('status.sandboxHint')}>
      <div className="-mx-4">
        <Table label={t('status.sandbox')} columns={columns} rows={rows} rowKey={(name) => name} />
      </div>
      {advice.length > 0 ? <Advice advice={advice} /> : null}
      <Measured sandbox={sandbox} />
    </Section>
  )
}

function LayerState({ layer }: { layer: SandboxLayer | undefined }) {
  const { t } = useTranslation()
  if (!layer) return '–'
  return (
    <span
      className={layer.state === 'off' ? 'inline-flex items-center gap-2 text-mid' : 'inline-flex items-center gap-2'}
    >
      <StateDot tone={tones[layer.state]} />
      {t(`status.layerState.${layer.state}`)}
    </span>
  )
}

/** A layer that is not for a process is left out where there is little room. */
function PhoneState({ process, layer }: { process: ProcessName; layer: SandboxLayer | undefined }) {
  const { t } = useTranslation()
  if (!layer || layer.state === 'off') return null
  return (
    <>
      <span className="text-low">{t(`shell.status.process.${process}`)}</span>
      <LayerState layer={layer} />
    </>
  )
}

function Advice({ advice }: { advice: readonly { reason: SandboxReason; layers: readonly SandboxLayerName[] }[] }) {
  const { t } = useTranslation()
  return (
    <div className="mt-5">
      <h3 className="mb-1 text-sm font-medium">{t('status.more')}</h3>
      <ul className="flex max-w-prose flex-col gap-2">
        {advice.map(({ reason, layers }) => (
          <li key={reason}>
            <span>{t(`status.reasons.${reason}`)}</span>{' '}
            <span className="text-mid">({layers.map((name) => t(`status.layers.${name}.name`)).join(', ')})</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** As the system gives it, for whoever wants to compare. */
function Measured({ sandbox }: { sandbox: readonly ProcessSandbox[] }) {
  const { t } = useTranslation()
  return (
    <details className="mt-5">
      <summary className="cursor-pointer text-mid hover:text-high">{t('status.measured')}</summary>
      <div className="mt-3 grid gap-x-8 gap-y-5 lg:grid-cols-3">
        {sandbox.map(({ process, layers, tried }) => (
          <div key={process} className="min-w-0">
            <h3 className="mb-1 text-sm font-medium">{t(`shell.status.process.${process}`)}</h3>
            <dl className="flex flex-col gap-1 text-xs">
              {layers.map(({ name, measured }) => (
                <div key={name} className="flex flex-col">
                  <dt className="text-low">{t(`status.layers.${name}.name`)}</dt>
                  <dd className="font-mono break-all">{measured || '–'}</dd>
                </div>
              ))}
              {tried.map(({ deed, refused, answer }) => (
                <div key={deed} className="flex flex-col">
                  <dt className="text-low">{t(`status.deeds.${deed}`)}</dt>
                  <dd className="break-all">
                    {refused ? t('status.refused') : t('status.worked')} <span className="font-mono">{answer}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </details>
  )
}
