/** One's own picture: choose one, take it away. */
import { useMutation } from '@tanstack/react-query'
import type { Me } from '@vedette/shared/user.ts'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/http.ts'
import { keys } from '../api/keys.ts'
import { ownAvatar, removeAvatar, setAvatar } from '../api/profile.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { squareJpeg } from './square-jpeg.ts'

export function AvatarField({ me }: { me: Me }) {
  const { t } = useTranslation()
  const picker = useRef<HTMLInputElement>(null)
  const saving = useMutation({
    mutationFn: async (file: File | null) => (file ? setAvatar(await squareJpeg(file)) : removeAvatar()),
    onSuccess: (next) => queryClient.setQueryData(keys.me, next),
  })
  const problem =
    saving.error instanceof ApiError
      ? errorSentence(saving.error, t)
      : saving.isError
        ? t('profile.avatar.wrong')
        : null
  return (
    <div className="flex flex-wrap items-center gap-3 sm:col-span-2">
      <Avatar name={me.username} src={ownAvatar(me)} className="size-16 text-lg" />
      <input
        ref={picker}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) saving.mutate(file)
        }}
      />
      <Button busy={saving.isPending} onClick={() => picker.current?.click()}>
        {t(me.avatarId === null ? 'profile.avatar.choose' : 'profile.avatar.other')}
      </Button>
      {me.avatarId === null ? null : (
        <Button look="quiet" disabled={saving.isPending} onClick={() => saving.mutate(null)}>
          {t('profile.avatar.remove')}
        </Button>
      )}
      {problem ? (
        <p role="alert" className="basis-full text-xs text-danger-text">
          {problem}
        </p>
      ) : null}
    </div>
  )
}
