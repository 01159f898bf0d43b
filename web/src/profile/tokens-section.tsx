/** API tokens: for programs that ask this server. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { endOwnToken, listOwnTokens } from '../api/profile.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { tell } from '../ui/toast.tsx'
import { TokenDialog } from './token-dialog.tsx'
import { TokenTable } from './token-table.tsx'

export function TokensSection() {
  const { t } = useTranslation()
  const [making, setMaking] = useState(false)
  const tokens = useQuery({ queryKey: keys.tokens, queryFn: ({ signal }) => listOwnTokens(signal) })
  const end = useMutation({
    mutationFn: endOwnToken,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.tokens }),
    onError: (error) => tell(errorSentence(error, t), { danger: true }),
  })
  return (
    <Section
      title={t('profile.tokens.title')}
      hint={t('profile.tokens.hint')}
      actions={
        <Button onClick={() => setMaking(true)}>
          <Plus />
          {t('profile.tokens.make')}
        </Button>
      }
    >
      <QueryView query={tokens} rows={2}>
        {(list) =>
          list.length > 0 ? (
            <TokenTable tokens={list} onEnd={(token) => end.mutate(token.id)} />
          ) : (
            <p className="text-mid">{t('profile.tokens.none')}</p>
          )
        }
      </QueryView>
      {making ? <TokenDialog onClose={() => setMaking(false)} /> : null}
    </Section>
  )
}
