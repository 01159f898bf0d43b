/** A camera over TLS that shows another key than the trusted one: what that means, and the way to trust it. */
import { useMutation } from '@tanstack/react-query'
import type { CameraKeyView, CameraView } from '@vedette/shared/camera.ts'
import { ShieldAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { trustCameraKey } from '../api/cameras.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatDateTime } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { Note } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'
import { cacheCamera } from './use-change-camera.ts'

/** Nothing while the camera shows the key that it is known by. */
export function ChangedKey({ camera }: { camera: CameraView }) {
  const changed = camera.keys?.find((key) => key.shownSha256 !== null)
  return changed?.shownSha256 ? <TrustKey camera={camera} known={changed} shown={changed.shownSha256} /> : null
}

/** Eyes compare eight characters at a time. */
const inGroups = (key: string) => key.match(/.{8}/g)?.join(' ') ?? key

function TrustKey({ camera, known, shown }: { camera: CameraView; known: CameraKeyView; shown: string }) {
  const { t } = useTranslation()
  const trust = useMutation({
    mutationFn: () => trustCameraKey(camera.id, shown),
    onSuccess: (view) => {
      cacheCamera(view)
      tell(t('cameras.key.done', { name: camera.name }))
    },
    onError: () => queryClient.invalidateQueries({ queryKey: keys.cameras }),
  })
  return (
    <Note tone="danger" icon={<ShieldAlert />}>
      <p className="font-medium">{t('cameras.key.title')}</p>
      <p className="mt-1 max-w-prose text-mid">{t('cameras.key.text')}</p>
      <dl className="mt-2 grid gap-x-4 gap-y-1 text-xs sm:grid-cols-[auto_1fr]">
        <dt className="text-low">{t('cameras.key.known', { when: formatDateTime(known.sinceMs) })}</dt>
        <dd className="font-mono">{inGroups(known.keySha256)}</dd>
        <dt className="text-low">{t('cameras.key.shown', { when: formatDateTime(known.shownMs ?? known.sinceMs) })}</dt>
        <dd className="font-mono">{inGroups(shown)}</dd>
      </dl>
      <Button className="mt-3" look="danger" busy={trust.isPending} onClick={() => trust.mutate()}>
        {t('cameras.key.trust')}
      </Button>
      {trust.isError ? <p className="mt-2 text-danger-text">{errorSentence(trust.error, t)}</p> : null}
    </Note>
  )
}
