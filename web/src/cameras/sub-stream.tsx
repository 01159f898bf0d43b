/** A camera's second, smaller stream: its address and a look at it. */
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import type { Connection } from './address.ts'
import { SubAddressField } from './address-fields.tsx'
import { ProbeResult } from './probe-result.tsx'
import { probeRequestOf, useProbe } from './use-probe.ts'

interface Props {
  value: string
  onChange: (address: string) => void
  connection: Connection
  error: string | undefined
  /** Whose stored password may be used for the look. */
  cameraId?: string
}

export function SubStream({ value, onChange, connection, error, cameraId }: Props) {
  const { t } = useTranslation()
  const probe = useProbe()
  const look = () => probe.run(probeRequestOf({ ...connection, address: value }, cameraId))
  return (
    <div className="flex flex-col gap-3">
      <SubAddressField value={value} onChange={onChange} error={error} />
      <Button className="self-start" onClick={look} busy={probe.isPending} disabled={value.trim() === ''}>
        {t('cameras.probe.lookSub')}
      </Button>
      <div className="max-w-72">
        <ProbeResult probe={probe} />
      </div>
    </div>
  )
}
