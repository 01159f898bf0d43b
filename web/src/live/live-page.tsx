/** The grid of cameras. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { CameraView } from '@vedette/shared/camera.ts'
import { Cctv, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCameras, useMe } from '../api/queries.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'
import { Grid } from './grid.tsx'
import { LiveHeader } from './live-header.tsx'
import { useColumnChoice } from './use-column-choice.ts'

export function LivePage() {
  const cameras = useCameras()
  return (
    <QueryView query={cameras}>
      {(list) => (list.length > 0 ? <LiveCameras all={[...list].sort(inOrder)} /> : <NoCamera />)}
    </QueryView>
  )
}

const inOrder = (a: CameraView, b: CameraView) => a.order - b.order || a.name.localeCompare(b.name)

function LiveCameras({ all }: { all: readonly CameraView[] }) {
  const navigate = useNavigate()
  const { camera: large } = useSearch({ from: '/signed-in/live' })
  const [columns, setColumns] = useColumnChoice()
  const [place, setPlace] = useState('')
  const places = [...new Set(all.map((camera) => camera.location).filter(Boolean))].sort()
  const cameras = places.includes(place) ? all.filter((camera) => camera.location === place) : all
  const setLarge = (id: string | undefined) =>
    // Paging from camera to camera is one step for the back button.
    void navigate({ to: '/live', search: id ? { camera: id } : {}, replace: large !== undefined && id !== undefined })
  return (
    <div className="flex h-full flex-col">
      <LiveHeader
        cameras={all}
        places={places}
        place={place}
        onPlace={setPlace}
        columns={columns}
        onColumns={setColumns}
      />
      <Grid
        cameras={cameras}
        columns={columns}
        large={cameras.some((camera) => camera.id === large) ? large : undefined}
        onLarge={setLarge}
      />
    </div>
  )
}

function NoCamera() {
  const { t } = useTranslation()
  const isAdmin = useMe().data?.role === 'admin'
  const add = (
    <Button look="primary" asChild>
      <Link to="/cameras/new" search={{}}>
        <Plus />
        {t('live.addCamera')}
      </Link>
    </Button>
  )
  return (
    <>
      <h1 className="sr-only">{t('live.title')}</h1>
      <Empty icon={<Cctv />} title={t('live.empty')} action={isAdmin ? add : null}>
        {t(isAdmin ? 'live.emptyAdmin' : 'live.emptyViewer')}
      </Empty>
    </>
  )
}
