/** Any failure as a sentence that says what to do: the server's own words where it spoke. */
import type { TFunction } from 'i18next'
import { ApiError } from '../api/http.ts'
import { serverSentence } from './server-sentence.ts'

export function errorSentence(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiError)) return t('common.error.unknown')
  if (error.code === 'offline') return t('common.error.offline')
  if (error.code === 'bad_answer') return t('common.error.badAnswer')
  return serverSentence(error.message) || t('common.error.unknown')
}

/** The sentence where it belongs to this field; undefined where it does not. */
export const fieldSentence = (error: unknown, field: string, t: TFunction): string | undefined =>
  error instanceof ApiError && error.field === field ? errorSentence(error, t) : undefined
