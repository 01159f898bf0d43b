/** Everybody's API tokens. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { endToken, listTokens } from '../api/users.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { TokenTable } from '../profile/token-table.tsx'
import { Section } from '../ui/page.tsx'
import { tell } from '../ui/toast.tsx'

export function AllTokens() {
  const { t } = useTranslation()
  const tokens = useQuery({ queryKey: keys.allTokens, queryFn: ({ signal }) => listTokens(signal) })
  const end = useMutation({
    mutationFn: endToken,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.allTokens })
      await queryClient.invalidateQueries({ queryKey: keys.tokens })
    },
    onError: (error) => tell(errorSentence(error, t), { danger: true }),
  })
  if (!tokens.data?.length) return null
  return (
    <Section title={t('users.tokens')} hint={t('users.tokensHint')}>
      <TokenTable withUser tokens={tokens.data} onEnd={(token) => end.mutate(token.id)} />
    </Section>
  )
}
