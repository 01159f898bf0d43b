/** The draft of a camera's settings: changing it, saving it, what the server refused. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type CameraChange, type CameraSettings, type CameraView, cameraSettings } from '@vedette/shared/camera.ts'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeCamera } from '../api/cameras.ts'
import { ApiError } from '../api/http.ts'
import { useMe } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { tell } from '../ui/toast.tsx'
import {
  type CameraDraft,
  changedSections,
  changesOf,
  draftOf,
  reconnects,
  type SectionName,
  sectionOfField,
} from './camera-draft.ts'
import { readStoredDraft, storeDraft } from './stored-draft.ts'
import { cacheCamera } from './use-change-camera.ts'

export interface DraftWork {
  readonly draft: CameraDraft
  readonly changed: readonly SectionName[]
  /** Saving interrupts the recording for a moment. */
  readonly reconnects: boolean
  readonly isSaving: boolean
  /** The refusal as a sentence, and by field. */
  readonly problem: string | undefined
  readonly errors: Readonly<Record<string, string | undefined>>
  readonly set: (part: Partial<CameraDraft>) => void
  readonly update: (change: (draft: CameraDraft) => Partial<CameraDraft>) => void
  readonly save: () => void
  readonly discard: () => void
}

function restored(settings: CameraSettings, change: CameraChange): CameraDraft {
  const { password: _, motion, ...rest } = change
  // A draft of another version that does not fit is none.
  const parsed = cameraSettings.safeParse({ ...settings, ...rest, motion: { ...settings.motion, ...motion } })
  return draftOf(parsed.success ? parsed.data : settings)
}

export function useCameraDraft(camera: CameraView, settings: CameraSettings): DraftWork {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const userId = useMe().data?.id ?? ''
  const [base, setBase] = useState(settings)
  const [draft, setDraft] = useState(() => restored(settings, readStoredDraft(userId, camera.id)))
  const change = changesOf(base, draft)
  const saving = useMutation({
    mutationFn: () => changeCamera(camera.id, change),
    onSuccess: (saved) => {
      cacheCamera(saved)
      tell(t('cameras.saved', { name: saved.name }))
      if (!saved.settings) return
      setBase(saved.settings)
      setDraft(draftOf(saved.settings))
    },
    onError: (error) => {
      const section = error instanceof ApiError && error.field ? sectionOfField(error.field) : undefined
      if (section) void navigate({ to: '.', search: { section }, replace: true })
    },
  })
  // A session that ends in the middle takes this page away, not the work.
  useEffect(() => {
    if (userId !== '') storeDraft(userId, camera.id, changesOf(base, draft))
  }, [userId, camera.id, base, draft])
  const refused = saving.error instanceof ApiError ? saving.error : undefined
  const update: DraftWork['update'] = (part) => {
    if (saving.isError) saving.reset()
    setDraft((now) => ({ ...now, ...part(now) }))
  }
  return {
    draft,
    changed: changedSections(change),
    reconnects: reconnects(change),
    isSaving: saving.isPending,
    problem: saving.error ? errorSentence(saving.error, t) : undefined,
    errors: refused?.field ? { [refused.field]: refused.message } : {},
    set: (part) => update(() => part),
    update,
    save: () => saving.mutate(),
    discard: () => {
      saving.reset()
      setDraft(draftOf(base))
    },
  }
}
