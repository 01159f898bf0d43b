/** The cached answers that more than one page reads, as hooks, and the cache itself. */
import { MutationCache, QueryCache, QueryClient, useQuery } from '@tanstack/react-query'
import { whoAmI } from './account.ts'
import { listCameras } from './cameras.ts'
import { ApiError } from './http.ts'
import { keys } from './keys.ts'
import { readSystemStatus } from './system.ts'

/**
 * A session that ended anywhere makes `me` null, and the shell asks to sign in again. An account that is told of a second
 * factor that it needs since a moment ago asks who it is, and the shell leads to setting one up.
 */
function noticeAccount(error: Error): void {
  if (!(error instanceof ApiError)) return
  if (error.code === 'unauthenticated') queryClient.setQueryData(keys.me, null)
  if (error.code === 'second_factor_required') void queryClient.invalidateQueries({ queryKey: keys.me })
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeAccount }),
  mutationCache: new MutationCache({ onError: noticeAccount }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Only silence is worth asking again; a refusal stays a refusal.
      retry: (failures, error) => failures < 3 && error instanceof ApiError && error.code === 'offline',
      retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 5000),
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

/** The signed-in user; null is nobody. Waits through a server restart instead of failing. */
export const useMe = () =>
  useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => whoAmI(signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: (_, error) => error instanceof ApiError && error.code === 'offline',
  })

export const useCameras = () =>
  useQuery({ queryKey: keys.cameras, queryFn: ({ signal }) => listCameras(signal), staleTime: 60_000 })

/** Asked again every 10 s: coverage and days left move slowly, and facts about cameras are pushed. */
export const useSystemStatus = () =>
  useQuery({
    queryKey: keys.systemStatus,
    queryFn: ({ signal }) => readSystemStatus(signal),
    refetchInterval: 10_000,
    retry: false,
  })
