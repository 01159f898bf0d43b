/** The log under a filter: pages backwards as they are asked for, and what comes new while somebody follows. */

import { useInfiniteQuery } from '@tanstack/react-query'
import type { LogRecord } from '@vedette/shared/logs.ts'
import { useEffect, useState } from 'react'
import { keys } from '../api/keys.ts'
import { type LogFilter, listLog, listNews } from '../api/logs.ts'

const followEveryMs = 2000
/** New records that stay on the page; older ones are found again by loading anew. */
const maxNews = 1000

interface News {
  /** What it was read for; another page or filter begins anew. */
  readonly since: string | null
  readonly records: readonly LogRecord[]
}

export function useLog(filter: LogFilter, isFollowing: boolean) {
  const pages = useInfiniteQuery({
    queryKey: [...keys.logs, filter],
    queryFn: ({ pageParam, signal }) => listLog(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.before,
  })
  const since = pages.data?.pages[0]?.after ?? null
  const [news, setNews] = useState<News>({ since: null, records: [] })
  const [hasFailed, setHasFailed] = useState(false)

  useEffect(() => {
    if (since === null || !isFollowing) return
    const closing = new AbortController()
    let after = since
    let isAsking = false
    const ask = async () => {
      if (isAsking || document.hidden) return
      isAsking = true
      try {
        const page = await listNews(filter, after, closing.signal)
        after = page.after ?? after
        setHasFailed(false)
        if (page.records.length === 0) return
        const newest = page.records.toReversed()
        setNews((before) => ({
          since,
          records: [...newest, ...(before.since === since ? before.records : [])].slice(0, maxNews),
        }))
      } catch {
        if (!closing.signal.aborted) setHasFailed(true)
      } finally {
        isAsking = false
      }
    }
    const timer = setInterval(() => void ask(), followEveryMs)
    return () => {
      closing.abort()
      clearInterval(timer)
    }
  }, [filter, since, isFollowing])

  const fresh = news.since === since ? news.records : []
  // Following begins where the page ended, also after a pause: what was shown already comes again and is left out.
  const known = new Set<string>()
  const records = [...fresh, ...(pages.data?.pages.flatMap((page) => page.records) ?? [])].filter(
    ({ place }) => !known.has(place) && known.add(place),
  )
  return { pages, records, hasFailed: isFollowing && hasFailed }
}
