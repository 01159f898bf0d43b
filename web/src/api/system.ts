/** State of the whole machine. */
import { certificateState } from '@vedette/shared/certificate.ts'

import { ownZone } from '@vedette/shared/local-time.ts'
import { systemReport, systemStatus } from '@vedette/shared/system.ts'
import { get } from './http.ts'

/** Everything about it, for administrators. */
export const readSystemReport = (signal?: AbortSignal) => get({ path: '/api/system/report', out: systemReport, signal })

/** "Today" is the viewer's. */
export const readSystemStatus = (signal?: AbortSignal) =>
  get({ path: '/api/system/status', query: { timeZone: ownZone() }, out: systemStatus, signal })

/** What this server shows over HTTPS. */
export const readCertificateState = (signal?: AbortSignal) =>
  get({ path: '/api/certificate', out: certificateState, signal })
