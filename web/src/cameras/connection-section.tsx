/** Where the camera is and how to get in; every address can be looked at before it is saved. */
import type { CameraSettings, CameraView } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Note } from '../ui/states.tsx'
import { AddressFields } from './address-fields.tsx'
import { needsPasswordAgain } from './camera-draft.ts'
import { ProbeResult } from './probe-result.tsx'
import { SubStream } from './sub-stream.tsx'
import type { DraftWork } from './use-camera-draft.ts'
import { probeRequestOf, useProbe } from './use-probe.ts'

interface Props {
  camera: CameraView
  /** As saved. */
  settings: CameraSettings
  work: DraftWork
}

export function ConnectionSection({ camera, settings, work: { draft, errors, set } }: Props) {
  const { t } = useTranslation()
  const probe = useProbe()
  const isElsewhere = needsPasswordAgain(settings, draft, camera.hasPassword)
  const isKept = camera.hasPassword && draft.password === null && !isElsewhere
  return (
    <>
      <AddressFields
        value={draft}
        onChange={set}
        errors={errors}
        passwordHint={isKept ? t('cameras.address.passwordKept') : undefined}
      />
      {isElsewhere ? <Note tone="event">{t('cameras.address.passwordAgain')}</Note> : null}
      <Button
        className="self-start"
        busy={probe.isPending}
        disabled={draft.address.trim() === ''}
        onClick={() => probe.run(probeRequestOf(draft, camera.id))}
      >
        {t('cameras.probe.look')}
      </Button>
      <ProbeResult probe={probe} />
      <div className="border-t border-line pt-5">
        <SubStream
          value={draft.subAddress ?? ''}
          onChange={(subAddress) => set({ subAddress: subAddress.trim() === '' ? null : subAddress })}
          connection={draft}
          error={errors.subAddress}
          cameraId={camera.id}
        />
      </div>
    </>
  )
}
