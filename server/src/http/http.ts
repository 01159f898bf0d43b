/** The one type that rooms use to add routes: Fastify with zod schemas (bodies, queries and answers are parsed by them). */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'

export type Http = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Cameras that a caller may use; stores filter by it inside the query. */
export type CameraList = 'all' | readonly string[]

export type { FastifyReply as HttpReply, FastifyRequest as HttpRequest } from 'fastify'
