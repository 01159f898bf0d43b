/** A camera's settings in sections beside its picture; one draft and one "Save" for all of them. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { CameraSettings, CameraView } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx.ts'
import { Tabs } from '../ui/tabs.tsx'
import { sections } from './camera-draft.ts'
import { CameraFacts } from './camera-facts.tsx'
import { CameraPicture } from './camera-picture.tsx'
import { ChangedKey } from './changed-key.tsx'
import { ConnectionSection } from './connection-section.tsx'
import { GeneralSection } from './general-section.tsx'
import { MotionSection } from './motion-section.tsx'
import { RecordingSection } from './recording-section.tsx'
import { SaveBar } from './save-bar.tsx'
import { useCameraDraft } from './use-camera-draft.ts'
import { useZoneWork } from './use-zone-work.ts'
import { ZoneEditor } from './zone-editor.tsx'

export function CameraEditor({ camera, settings }: { camera: CameraView; settings: CameraSettings }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { section = 'general' } = useSearch({ from: '/signed-in/cameras/$cameraId' })
  const work = useCameraDraft(camera, settings)
  const { draft } = work
  const { zones } = draft.motion
  const zoneWork = useZoneWork(
    (change) => work.update((now) => ({ motion: { ...now.motion, zones: change(now.motion.zones) } })),
    zones.length,
  )
  const picture = <CameraPicture camera={camera} everyMs={1000} maxWidth={1280} className="lg:rounded-md" />

  return (
    <div className="grid flex-1 max-lg:content-start lg:grid-cols-[minmax(0,5fr)_minmax(400px,4fr)]">
      {/* On a phone the picture stays in sight while its zones are drawn: contents, or it would scroll away with this column. */}
      <div className="border-line max-lg:contents lg:border-r lg:p-4">
        <div className="max-lg:contents lg:sticky lg:top-18">
          {section === 'motion' ? (
            <ZoneEditor
              className="max-lg:sticky max-lg:top-14 max-lg:z-10"
              zones={zones}
              chosen={zoneWork.chosen}
              onChoose={zoneWork.choose}
              onChange={(index, points) => zoneWork.change(index, { points })}
              drawing={zoneWork.drawing}
              onDrawn={zoneWork.add}
            >
              {picture}
            </ZoneEditor>
          ) : (
            picture
          )}
          <div className={cx(section !== 'general' && 'max-lg:hidden')}>
            <CameraFacts camera={camera} />
            <ChangedKey camera={camera} />
          </div>
        </div>
      </div>
      <div className="flex min-w-0 flex-col">
        <Tabs
          label={t('cameras.sections')}
          value={section}
          markLabel={t('cameras.unsaved')}
          tabs={sections.map((value) => ({
            value,
            label: t(`cameras.section.${value}`),
            marked: work.changed.includes(value),
          }))}
          onChoose={(chosen) => void navigate({ to: '.', search: { section: chosen }, replace: true })}
        >
          <div className="flex flex-col gap-5 p-4 pb-24">
            {section === 'general' ? <GeneralSection work={work} /> : null}
            {section === 'connection' ? <ConnectionSection camera={camera} settings={settings} work={work} /> : null}
            {section === 'recording' ? <RecordingSection work={work} /> : null}
            {section === 'motion' ? <MotionSection work={work} zoneWork={zoneWork} /> : null}
          </div>
        </Tabs>
        <SaveBar work={work} />
      </div>
    </div>
  )
}
