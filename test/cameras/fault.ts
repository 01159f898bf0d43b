/** What a simulated camera can be told to do wrong: the same words in tests (`camera.apply`) and over the control port. */
import { z } from 'zod'

const on = z.boolean().default(true)
const stream = z.enum(['main', 'sub']).optional()

export const fault = z.discriminatedUnion('do', [
  /** Cut every connection, once. */
  z.strictObject({ do: z.literal('drop') }),
  /** Cut and accept none. */
  z.strictObject({ do: z.literal('refuse'), on }),
  /** Each stream plays for one client at a time; others are told 453. */
  z.strictObject({ do: z.literal('one-session'), on }),
  /** Connections and reports live, no frames come. */
  z.strictObject({ do: z.literal('freeze'), stream, on }),
  z.strictObject({ do: z.literal('mute-reports'), stream, on }),
  /** The camera's wall clock, as sender reports tell it, is off by so much. */
  z.strictObject({ do: z.literal('clock'), offsetMs: z.number() }),
  /** RTP time jumps, either way. */
  z.strictObject({ do: z.literal('jump'), stream, ms: z.number() }),
  /** RTP time of receivers that connect from now on wraps so soon after their SETUP. */
  z.strictObject({ do: z.literal('wrap'), inMs: z.number().min(0) }),
  z.strictObject({ do: z.literal('lose'), stream, share: z.number().min(0).max(1) }),
  z.strictObject({ do: z.literal('skip'), stream, frames: z.number().int().min(0) }),
  /** Filler in every picture (of main, if not said), up to this rate: a valid but greedy camera. */
  z.strictObject({ do: z.literal('inflate'), stream, mbitPerS: z.number().min(0).max(1000) }),
  /** Another size or rate in mid-stream: the connections stay. Another codec: they are cut. */
  z.strictObject({
    do: z.literal('switch'),
    stream,
    codec: z.enum(['h264', 'hevc', 'mjpeg']).optional(),
    width: z.number().int().min(16).max(2040).multipleOf(16).optional(),
    height: z.number().int().min(16).max(2040).multipleOf(8).optional(),
    fps: z.number().int().min(1).max(60).optional(),
  }),
  /** Only new requests are asked; who plays, plays on. */
  z.strictObject({
    do: z.literal('auth'),
    scheme: z.enum(['none', 'basic', 'digest']),
    username: z.string().default('admin'),
    password: z.string().default(''),
    algorithm: z.enum(['MD5', 'SHA-256']).default('MD5'),
    qop: z.boolean().default(false),
  }),
  z.strictObject({ do: z.literal('expire-nonce') }),
  /** DESCRIBE answers 302. */
  z.strictObject({ do: z.literal('redirect'), to: z.string().nullable() }),
  /** Cuts all connections; new ones meet something that is no camera (garbage.ts). null: a camera again. */
  z.strictObject({
    do: z.literal('garbage'),
    kind: z.enum(['random', 'http', 'dollars', 'drip', 'flood', 'silent']).nullable(),
  }),
  z.strictObject({ do: z.literal('heal') }),
])

export type Fault = z.infer<typeof fault>
/** As callers write it: defaults may be left out. */
export type FaultInput = z.input<typeof fault>
