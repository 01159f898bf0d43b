/** The preview under the pointer, over the video, while the ruler is dragged. Never decodes main video. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreview } from './use-preview.ts'

interface Props {
  cameraId: string
  /** Undefined: nobody drags. */
  ms: number | undefined
  spanMs: number
}

export function ScrubPicture({ cameraId, ms, spanMs }: Props) {
  const { t } = useTranslation()
  const preview = usePreview(cameraId, ms, spanMs)
  const [loading, setLoading] = useState<string>()
  const [shown, setShown] = useState<string>()
  const wanted = preview?.url
  // One picture at a time: while it loads, those that the pointer passed are left out.
  if (wanted !== undefined && loading === undefined && wanted !== shown) setLoading(wanted)
  useEffect(() => {
    if (ms !== undefined) return
    setShown(undefined)
    setLoading(undefined)
  }, [ms])
  if (ms === undefined) return null
  return (
    <div data-scrub={preview?.ms} className="absolute inset-0 bg-black">
      {shown !== undefined && preview !== null ? (
        <img src={shown} alt="" className="absolute inset-0 size-full object-contain" />
      ) : null}
      {loading !== undefined ? (
        <img
          src={loading}
          alt=""
          className="absolute size-px opacity-0"
          onLoad={() => {
            setShown(loading)
            setLoading(undefined)
          }}
          onError={() => {
            setShown(loading)
            setLoading(undefined)
          }}
        />
      ) : null}
      {preview === null ? (
        <p className="absolute inset-0 grid place-items-center p-4 text-center text-on-scrim">
          {t('timeline.noPreview')}
        </p>
      ) : null}
    </div>
  )
}
