/** Which certificates this server shows, for people who want to trust it. Nothing here is secret: every visitor sees them. */
import { z } from 'zod'
import { timeMs } from './id.ts'

export const certificateState = z.strictObject({
  certificates: z.array(
    z.strictObject({
      /** From the administrator's files, from an ACME authority, or from the local authority. */
      kind: z.enum(['given', 'acme', 'local']),
      names: z.array(z.string()),
      /** Organisation and common name of whoever signed it. */
      issuer: z.string(),
      endsMs: timeMs,
      /** SHA-256, as browsers show it. */
      fingerprint: z.string(),
    }),
  ),
  /** The local authority, which devices may be made to trust; null where none is used. */
  authority: z.strictObject({ fingerprint: z.string(), path: z.string() }).nullable(),
})
export type CertificateState = z.infer<typeof certificateState>
