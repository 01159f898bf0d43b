/** The program's own log: pages of it, what comes new, and the whole as a file. */
import { type LogQuery, logPage } from '@vedette/shared/logs.ts'
import { get, getBytes } from './http.ts'

export type LogFilter = Pick<LogQuery, 'level' | 'process' | 'room' | 'camera' | 'text'>

/** Newest first; `before` comes from the page before. */
export const listLog = (filter: LogFilter, before: string | null, signal?: AbortSignal) =>
  get({ path: '/api/logs', query: { ...filter, before }, out: logPage, signal })

/** What came since `after`, oldest first. */
export const listNews = (filter: LogFilter, after: string, signal?: AbortSignal) =>
  get({ path: '/api/logs', query: { ...filter, after, limit: 500 }, out: logPage, signal })

/** Without secrets, addresses and mail addresses. Needs a fresh password. */
export const downloadLog = async () => (await getBytes('/api/logs/bundle', {})).blob()
