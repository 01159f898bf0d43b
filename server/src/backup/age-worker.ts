/** The thread behind age.ts: scrypt takes most of a second and 128 MB, and a document may be large. It ends after one job. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import type { AgeJob } from './age-job.ts'
import { doAgeJob } from './age-work.ts'

parentPort?.postMessage(await doAgeJob(z.custom<AgeJob>().parse(workerData)))
