/** What was recorded: players above, the timeline below, one clock for all. */
import { Link } from '@tanstack/react-router'
import type { CameraView } from '@vedette/shared/camera.ts'
import { Cctv, EyeOff, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useCameras, useMe } from '../api/queries.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'
import { Workplace } from './workplace.tsx'

export function TimelinePage() {
  const cameras = useCameras()
  return (
    <QueryView query={cameras}>
      {(list) => {
        const playable = list.filter((camera) => camera.rights.includes('replay')).sort(inOrder)
        if (playable.length > 0) return <Workplace cameras={playable} />
        return list.length > 0 ? <MayNotReplay /> : <NothingToReplay />
      }}
    </QueryView>
  )
}

const inOrder = (a: CameraView, b: CameraView) => a.order - b.order || a.name.localeCompare(b.name)

/** Somebody typed the address, or followed a link, whose account sees the present only. */
function MayNotReplay() {
  const { t } = useTranslation()
  return (
    <>
      <h1 className="sr-only">{t('timeline.title')}</h1>
      <Empty
        icon={<EyeOff />}
        title={t('timeline.mayNot.title')}
        action={
          <Button asChild>
            <Link to="/live" search={{}}>
              {t('timeline.mayNot.toLive')}
            </Link>
          </Button>
        }
      >
        {t('timeline.mayNot.text')}
      </Empty>
    </>
  )
}

function NothingToReplay() {
  const { t } = useTranslation()
  const isAdmin = useMe().data?.role === 'admin'
  const add = (
    <Button look="primary" asChild>
      <Link to="/cameras/new" search={{}}>
        <Plus />
        {t('timeline.addCamera')}
      </Link>
    </Button>
  )
  return (
    <>
      <h1 className="sr-only">{t('timeline.title')}</h1>
      <Empty icon={<Cctv />} title={t('timeline.empty')} action={isAdmin ? add : null}>
        {t(isAdmin ? 'timeline.emptyAdmin' : 'timeline.emptyViewer')}
      </Empty>
    </>
  )
}
