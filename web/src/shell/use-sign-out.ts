/** Ends the session here and on the server, and forgets every answer of this user. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { logOut } from '../api/account.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { tell } from '../ui/toast.tsx'

export function useSignOut(): () => void {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { mutate } = useMutation({
    mutationFn: logOut,
    onSuccess: async () => {
      await navigate({ to: '/login', search: {} })
      queryClient.clear()
      queryClient.setQueryData(keys.me, null)
    },
    onError: (error) => tell(errorSentence(error, t), { danger: true }),
  })
  return () => mutate()
}
