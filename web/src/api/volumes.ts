/** Volumes, what a rule would mean for them, and the receipts of deletion. */
import {
  receiptPage,
  simulateAnswer,
  simulateRequest,
  volumeChange,
  volumeList,
  volumeView,
} from '@vedette/shared/storage.ts'
import type { z } from 'zod'
import { get, patch, post } from './http.ts'

export const listVolumes = async (signal?: AbortSignal) =>
  (await get({ path: '/api/volumes', out: volumeList, signal })).volumes

export const changeVolume = (id: string, change: z.input<typeof volumeChange>) =>
  patch({ path: `/api/volumes/${id}`, body: volumeChange.parse(change), out: volumeView })

/** How many days of each camera these rules would hold; changes nothing. */
export const simulateVolume = async (id: string, rules: z.input<typeof simulateRequest>, signal?: AbortSignal) =>
  (
    await post({
      path: `/api/volumes/${id}/simulate`,
      body: simulateRequest.parse(rules),
      out: simulateAnswer,
      signal,
    })
  ).cameras

export const listReceipts = (cursor: string | null, signal?: AbortSignal) =>
  get({ path: '/api/receipts', query: { cursor }, out: receiptPage, signal })
