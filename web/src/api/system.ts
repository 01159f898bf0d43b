/** State of the whole machine. */
import { systemStatus } from '@vedette/shared/system.ts'
import { get } from './http.ts'

export const readSystemStatus = (signal?: AbortSignal) => get({ path: '/api/system/status', out: systemStatus, signal })
