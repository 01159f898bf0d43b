import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { SetupState } from '@vedette/shared/user.ts'
import { openBackups } from './app-backup.ts'
import { prepareDemo } from './app-demo.ts'
import { openAppHttp, type RouteFacts } from './app-http.ts'
import { listen } from './app-listen.ts'
import { statusSources } from './app-status.ts'
import { openTransport } from './app-transport.ts'
import { Upkeep } from './app-upkeep.ts'
import { askDecode, askJpeg, askProbe } from './ask-recorder.ts'
import { AuditLog } from './audit/audit-log.ts'
import { tellUnendedRestore } from './audit/restore-end.ts'
import { dropOldSessions, endedSessions } from './auth/session-store.ts'
import { SetupCode } from './auth/setup-code.ts'
import { hasUsers } from './auth/user-store.ts'
import { rootProblem } from './become-user.ts'
import { CameraStatuses } from './cameras/camera-statuses.ts'
import { shownStatus } from './cameras/shown-status.ts'
import { takeShownKey } from './cameras/take-shown-key.ts'
import { watchRefusals } from './cameras/watch-refusals.ts'
import type { Config } from './config.ts'
import { takeControl } from './control-lock.ts'
import { openDatabase } from './db/database.ts'
import { cleanableVolumes, findForeignFootage, openDefaultVolume } from './default-volume.ts'
import { eventPicturePath, readEventPicture, writeEventPicture } from './events/event-picture.ts'
import { closeLeftOpen, setEventPicture } from './events/event-store.ts'
import { RecordByHand } from './events/record-by-hand.ts'
import { OpenAnswers } from './http/open-answers.ts'
import { KeepEvents } from './keep-events.ts'
import type { Clock } from './lib/clock.ts'
import { dayMs } from './lib/hour-minutes.ts'
import type { Log } from './lib/log.ts'
import { Footage } from './live/footage.ts'
import { PreviewReader } from './live/preview-reader.ts'
import { RightsWatch } from './live/rights-watch.ts'
import { Cleaner } from './record/cleaner.ts'
import { addCameraToEmpty, readIndexState, writeIndexState } from './record/cleaner-state-store.ts'
import { openSegmentFile, readSegmentHead, readSegmentIndex } from './record/read-segment.ts'
import { parseTailBox, tailBytes } from './record/segment-format.ts'
import { segmentPath } from './record/segment-path.ts'
import { findSegment, listSegments, nextSegmentAfter } from './record/segment-store.ts'
import { RecordingLink } from './recording-link.ts'
import { recheckRights, revokeSessions } from './revoke-sessions.ts'
import { openKey } from './secrets/key-check-store.ts'
import { readKeyFile } from './secrets/key-file.ts'
import { shrinkPicture } from './shrink-picture.ts'
import { Updates } from './system/updates.ts'
import { readSystemReport } from './system-report.ts'
import { readSystemStatus } from './system-status.ts'

export interface AppOptions {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  /** A line for the console. */
  readonly say: (line: string) => void
  /** False: no recorder and no listening; for `vedette routes`. */
  readonly isServing?: boolean
  /** The caller makes the first administrator itself; no code is printed. */
  readonly hasOwnSetup?: boolean
}

export interface App {
  readonly url: string
  readonly routes: readonly RouteFacts[]
  /** Rejects when Vedette cannot go on. */
  readonly failed: Promise<never>
  /** Makes an administrator with a new password and adds these cameras. */
  prepareDemo(cameras: readonly { main: string; sub: string }[]): Promise<{ username: string; password: string }>
  /** At most 10 s; nothing is lost. */
  close(): Promise<void>
}

export async function openApp(options: AppOptions): Promise<App> {
  const { config, clock, log, say, isServing = true } = options
  const closing = new AbortController()
  await using opening = new AsyncDisposableStack()
  opening.defer(await takeControl(config.dataDir))
  readKeyFile(config.keyPlace) // A weak key stops the start before anything is touched.
  const db = await openDatabase(config.database)
  opening.defer(() => db.destroy())
  const key = await openKey(db, config.keyPlace)
  const audit = new AuditLog({ db, key, dataDir: config.dataDir, clock, log: log.child({ room: 'audit' }) })
  opening.defer(() => audit.close())
  await tellUnendedRestore(db, audit.write)
  const volume = await openDefaultVolume(db, config.footageDir, clock)
  const foreignFootage = await findForeignFootage(db, volume)
  const transport = await openTransport(config, { clock, log, audit: audit.write })
  const tls = transport.certificates

  const statuses = new CameraStatuses()
  const updates = new Updates(shownStatus)
  const rightsWatch = new RightsWatch()
  const answers = new OpenAnswers()
  opening.defer(() => updates.close())
  statuses.onChange((cameraId, status) => updates.publish({ kind: 'camera', cameraId, status }))
  const auditFailed = (error: unknown) => log.error({ err: error }, 'an entry of the audit log was lost')
  statuses.onChange(watchRefusals(audit.write, auditFailed))

  let cleanerProblems: readonly string[] = []
  const cleaner = new Cleaner({
    db,
    clock,
    log: log.child({ room: 'record' }),
    doubt: () => upkeep.doubt,
    volumes: () => cleanableVolumes(db),
    onProblems: (problems) => {
      cleanerProblems = problems
    },
  })
  const sweep = () =>
    void cleaner
      .sweep(closing.signal)
      .catch((error: unknown) => log.error({ err: error }, 'footage could not be cleaned up'))
  if (!foreignFootage && (await readIndexState(db)) === undefined) await writeIndexState(db, 'trusted')

  const events = new KeepEvents({
    db,
    clock,
    log: log.child({ room: 'events' }),
    pictureRoot: volume.path,
    onEvent: (event) => updates.publish({ kind: 'event', event }),
  })

  const byHand = new RecordByHand({
    db,
    clock,
    log,
    onChange: (cameraId, untilMs) => link.recorder.send({ do: 'trigger', cameraId, untilMs }),
    onEvent: (event) => updates.publish({ kind: 'event', event }),
    takePicture: async (event) => {
      const { jpeg } = await askJpeg(link.recorder, event.cameraId, 'main', 640)
      await writeEventPicture(volume.path, eventPicturePath(event), jpeg)
      await setEventPicture(db, event.id)
    },
  })
  const link = new RecordingLink({
    config,
    db,
    key,
    clock,
    log,
    volume,
    statuses,
    onRecorded: (segments) => {
      for (const { cameraId, startMs, endMs, stream } of segments)
        if (stream === 'main') updates.publish({ kind: 'recorded', cameraId, startMs, endMs })
    },
    // A segment was opened: room for the next one is made now, not when the disk is full.
    onOpened: sweep,
    byHandUntilMs: (cameraId) => byHand.untilMs(cameraId),
    onObservation: (observation) => {
      events.take(observation)
      link.hub.tell(observation.cameraId, { kind: 'motion', atMs: observation.atMs, boxes: observation.boxes })
    },
    onKey: (shown) => {
      const onNews = () => updates.publish({ kind: 'cameras_changed' })
      takeShownKey({ db, clock, change: audit.change, onNews }, shown).catch(auditFailed)
    },
  })
  opening.defer(() => link.close())
  const upkeep = new Upkeep({ db, database: config.database, clock, log, volume, link })

  const camerasChanged = async () => {
    await link.configure()
    updates.publish({ kind: 'cameras_changed' })
  }
  const backups = openBackups({
    config,
    db,
    key,
    clock,
    log,
    audit: audit.write,
    onCameras: (removed) => {
      for (const cameraId of removed) statuses.forget(cameraId)
      return camerasChanged()
    },
    onRules: sweep,
  })

  const volumePath = (volumeId: string) => (volumeId === volume.id ? volume.path : undefined)
  const footage = new Footage({
    findSegment: (id) => findSegment(db, id),
    listSegments: (filter) => listSegments(db, filter),
    nextSegmentAfter: (cameraId, stream, atMs) => nextSegmentAfter(db, cameraId, stream, atMs),
    openSegments: () => link.notes.openSegments(),
    volumePath,
    files: { segmentPath, openSegmentFile, readSegmentHead, readSegmentIndex, parseTailBox, tailBytes },
  })
  const status = statusSources({
    db,
    clock,
    version: config.version,
    statuses,
    footage,
    volume,
    processes: () => link.processes,
    problems: () => [
      ...[rootProblem() ?? []].flat(),
      ...link.problems,
      ...cleanerProblems,
      ...transport.problems(),
      ...backups.automatic.problems,
    ],
  })

  let setupCode: SetupCode | undefined
  const { http, routes } = await openAppHttp({
    db,
    clock,
    log,
    transport,
    webDir: config.webDir,
    openSegments: () => link.notes.openSegments(),
    audit,
    key,
    auth: {
      setupCode: () => setupCode,
      closeSetup: () => {
        setupCode = undefined
      },
      setupClosedReason: () => foreignFootage,
      defaultVolume: () => describeVolume(volume.path),
      shrinkPicture,
    },
    cameras: {
      statuses,
      onChanged: camerasChanged,
      probe: (target) => askProbe(link.recorder, target),
      deleteFootage: async (cameraId) => {
        await addCameraToEmpty(db, cameraId)
        sweep()
      },
    },
    record: { byHand },
    backup: backups.routes,
    events: {
      onChanged: (event) => updates.publish({ kind: 'event', event }),
      readPicture: (event) => readEventPicture(volume.path, eventPicturePath(event)),
    },
    live: {
      hub: link.hub,
      watchRight: rightsWatch.watch,
      latestJpeg: (cameraId, stream, maxWidth) => askJpeg(link.recorder, cameraId, stream, maxWidth),
      signal: closing.signal,
    },
    playback: { footage, watchRight: rightsWatch.watch },
    previews: {
      footage,
      previews: new PreviewReader(() => [volume.path]),
      decodeJpeg: (pictures) => askDecode(link.recorder, pictures),
    },
    volumes: {
      recorderFinds: () => link.disk,
      onChanged: sweep,
    },
    logs: { folder: join(config.dataDir, 'logs'), version: config.version },
    answers,
    system: {
      readStatus: (cameras, isAdmin, zone) => readSystemStatus(status, cameras, isAdmin, zone),
      readReport: () =>
        readSystemReport({
          ...status,
          dataDir: config.dataDir,
          database: config.database,
          told: (process) => link.told(process),
          givenUp: () => link.givenUp,
        }),
      updates,
    },
  })
  opening.defer(() => http.close())

  const background: Promise<void>[] = []
  opening.defer(async () => {
    await Promise.all(background)
  })
  opening.defer(() => closing.abort())
  let url = ''
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  if (isServing) {
    await closeLeftOpen(db, clock.nowMs())
    await byHand.resume()
    await dropOldSessions(db, clock.nowMs())
    // First the port: if it is taken, a recorder that still runs for an earlier control is left alone.
    url = await listen(http, config, tls ? 'https' : 'http')
    await tellReady()
    await link.start()
    background.push(cleaner.run(closing.signal), events.run(closing.signal), byHand.run(closing.signal))
    background.push(upkeep.run(closing.signal), backups.run(closing.signal))
    background.push(transport.run(Number(new URL(url).port || 443), closing.signal))
    background.push(
      revokeSessions({
        open: [rightsWatch, updates, answers],
        findEnded: (sessionIds) => endedSessions(db, sessionIds, clock.nowMs()),
        recheck: () => recheckRights(db, rightsWatch, updates),
        clock,
        log,
        signal: closing.signal,
      }),
    )
  }

  async function tellReady(): Promise<void> {
    // One piece, so that whoever waits for the first line has the last one too.
    const lines = [`\n  Vedette ${config.version} is ready:  ${url}`]
    lines.push(...transport.waysIn(url).map((line) => `  ${line}`))
    const asRoot = rootProblem()
    if (asRoot) lines.push(`\n  ${asRoot}`)
    if (foreignFootage) lines.push(`\n  ${foreignFootage}`)
    else if (!(await hasUsers(db)) && !options.hasOwnSetup) {
      setupCode = new SetupCode()
      lines.push(`\n  Make the first administrator:  ${url}/setup#code=${setupCode.shown}\n`)
    }
    say(lines.join('\n'))
  }

  const open = opening.move()
  return {
    url,
    routes,
    failed: failed.promise,
    prepareDemo: async (cameras) => {
      const admin = await prepareDemo({ db, key, change: audit.change }, clock.nowMs(), cameras)
      setupCode = undefined
      await link.configure()
      return admin
    },
    close: () => open.disposeAsync(),
  }
}

/** What set-up shows of the place where footage will lie. */
async function describeVolume(path: string): Promise<SetupState['volume']> {
  const { bavail, bsize } = await statfs(path)
  const freeBytes = bavail * bsize
  const bytesPerDay = (4_000_000 / 8) * (dayMs / 1000)
  return { path, freeBytes, daysAt4MbitPerCamera: Math.floor((freeBytes * 0.95) / bytesPerDay) }
}
