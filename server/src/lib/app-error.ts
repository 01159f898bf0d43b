/** The expected failures: a code from shared/errors.ts and a sentence that says what to do. Anything else thrown is a bug. */
import type { ErrorCode } from '@vedette/shared/errors.ts'

export class AppError extends Error {
  readonly code: ErrorCode
  /** Dotted path of the input at fault. */
  readonly field: string | undefined
  /** Seconds after which it is worth trying again; becomes the Retry-After header. */
  readonly retryAfterS: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; field?: string; retryAfterS?: number } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'AppError'
    this.code = code
    this.field = options.field
    this.retryAfterS = options.retryAfterS
  }
}
