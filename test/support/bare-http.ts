/** A bare Fastify with the product's schema handling and no guard: routes get the caller and cameras that a test names. */
import fastify from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { answerErrors } from '../../server/src/http/answer-errors.ts'
import type { CameraList, Http } from '../../server/src/http/http.ts'
import { silentLog } from '../../server/src/lib/log.ts'

export interface BareHttp {
  readonly http: Http
  /** Change it between requests. */
  cameras: CameraList
  /** When the password was given last. */
  provedMs?: number
}

export function openBareHttp(cameras: CameraList = 'all'): BareHttp {
  const http: Http = fastify().withTypeProvider<ZodTypeProvider>()
  http.setValidatorCompiler(validatorCompiler)
  http.setSerializerCompiler(serializerCompiler)
  answerErrors(http, silentLog)
  const bare: BareHttp = { http, cameras }
  http.addHook('onRequest', async (request) => {
    request.cameras = bare.cameras
    const { provedMs } = bare
    const proved = provedMs === undefined ? {} : { provedMs }
    request.caller = { userId: 'user', username: 'user', role: 'admin', sessionId: 'session', ...proved }
  })
  return bare
}
