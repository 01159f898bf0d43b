/** Keeps an event or lets it go, says so, and offers the way back. */
import { useMutation } from '@tanstack/react-query'
import type { EventView } from '@vedette/shared/event.ts'
import { useTranslation } from 'react-i18next'
import { keepEvent } from '../api/events.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { tell } from '../ui/toast.tsx'

export function useKeepEvent(onChange: (event: EventView) => void) {
  const { t } = useTranslation()
  const keeping = useMutation({
    mutationFn: ({ eventId, kept }: { eventId: string; kept: boolean }) => keepEvent(eventId, kept),
    onSuccess: (now, { eventId, kept }) => {
      onChange(now)
      void queryClient.invalidateQueries({ queryKey: keys.keptEvents })
      // The same question the other way round, whatever is chosen by then.
      const undo = () => keeping.mutate({ eventId, kept: !kept })
      tell(t(kept ? 'timeline.event.nowKept' : 'timeline.event.nowLetGo'), {
        action: { label: t('common.undo'), run: undo },
      })
    },
    onError: (error) => tell(errorSentence(error, t), { danger: true }),
  })
  return keeping
}
