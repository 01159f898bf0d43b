/**
 * Who may do what, said a second time: the sweep (server/src/access-sweep.test.ts) asks every route as everybody and
 * compares. A new route fails there until it stands here.
 */
import type { Who } from './support/access-house.ts'

/** `in`: the guard lets it through, whatever the handler then says of it. */
export type Outcome = 'in' | 401 | 403 | 404
/** Whose object is named: viewer A's, viewer B's, or one that does not exist. */
export type Named = 'ofA' | 'ofB' | 'missing'

type Row = Record<Who, Outcome | Record<Named, Outcome>>

const onlyA = { ofA: 'in', ofB: 404, missing: 404 } as const
const onlyB = { ofA: 404, ofB: 'in', missing: 404 } as const
const both = { ofA: 'in', ofB: 'in', missing: 404 } as const
const none = { ofA: 404, ofB: 404, missing: 404 } as const
/** The handler finds out by itself what is missing. */
const lookedUp = { ofA: 'in', ofB: 'in', missing: 404 } as const

const everybody: Row = {
  nobody: 'in',
  admin: 'in',
  viewerA: 'in',
  viewerB: 'in',
  liveOnlyA: 'in',
  tokenA: 'in',
  adminToken: 'in',
}
const signedIn: Row = { ...everybody, nobody: 401 }
const administrators: Row = {
  nobody: 401,
  admin: 'in',
  viewerA: 403,
  viewerB: 403,
  liveOnlyA: 403,
  tokenA: 403,
  adminToken: 403,
}
const cameraWith: Row = {
  nobody: 401,
  admin: both,
  viewerA: onlyA,
  viewerB: onlyB,
  liveOnlyA: onlyA,
  tokenA: onlyA,
  adminToken: both,
}
const ownThing: Row = {
  nobody: 401,
  admin: none,
  viewerA: onlyA,
  viewerB: onlyB,
  liveOnlyA: none,
  tokenA: 403,
  adminToken: 403,
}

export const accessClasses = {
  public: everybody,
  /** Open to all, but it answers only to the cookie of a sign-in whose password was right. */
  'half-done sign-in': {
    nobody: 401,
    admin: 401,
    viewerA: 401,
    viewerB: 401,
    liveOnlyA: 401,
    tokenA: 401,
    adminToken: 401,
  },
  'signed in': { ...signedIn, tokenA: 403, adminToken: 403 },
  'signed in, tokens too': signedIn,
  /** Lists are filtered, so everybody may ask. */
  'list of cameras’ things': signedIn,
  admin: administrators,
  'admin, one object': { ...administrators, admin: lookedUp },
  'camera, view': cameraWith,
  'camera, replay': { ...cameraWith, liveOnlyA: none },
  'camera, control': { ...cameraWith, viewerA: none, liveOnlyA: none, tokenA: none },
  /** Only who has it finds it: others’ answer like missing ones. */
  'own object': ownThing,
  /** One's own picture: nobody can name another's, and the house's people A and B have one. */
  'own object, by nature': {
    ...signedIn,
    admin: 404,
    liveOnlyA: 404,
    tokenA: 403,
    adminToken: 403,
  },
} satisfies Record<string, Row>

export const accessTable: Record<string, keyof typeof accessClasses> = {
  'POST /api/cameras/:id/recording': 'camera, control',
  'DELETE /api/cameras/:id/recording': 'camera, control',
  'GET /api/time-zone': 'signed in, tokens too',
  'PATCH /api/time-zone': 'admin',
  'GET /vedette-ca.crt': 'public',
  'GET /.well-known/security.txt': 'public',
  'GET /.well-known/security-policy.txt': 'public',
  'GET /.well-known/acme-challenge/:token': 'public',
  'GET /api/certificate': 'signed in',
  'GET /api/setup': 'public',
  'POST /api/setup': 'public',
  'POST /api/setup/restore/uploads': 'public',
  'POST /api/setup/restore/plans': 'public',
  'POST /api/setup/restore/plans/:id/confirm': 'public',
  'POST /api/login': 'public',
  'POST /api/login/passkey': 'half-done sign-in',
  'POST /api/login/second-factor': 'public',
  'GET /api/me': 'signed in, tokens too',
  'PATCH /api/me': 'signed in',
  'POST /api/reauth': 'signed in',
  'POST /api/logout': 'signed in',
  'POST /api/me/password': 'signed in',
  'GET /api/me/avatar.jpg': 'own object, by nature',
  'PUT /api/me/avatar': 'signed in',
  'DELETE /api/me/avatar': 'own object, by nature',
  'GET /api/me/sessions': 'signed in',
  'DELETE /api/me/sessions': 'signed in',
  'DELETE /api/me/sessions/:id': 'own object',
  'GET /api/me/second-factor': 'signed in',
  'POST /api/me/totp': 'signed in',
  'POST /api/me/totp/confirm': 'signed in',
  'POST /api/me/totp/remove': 'signed in',
  'POST /api/me/recovery-codes': 'signed in',
  'DELETE /api/me/devices/:id': 'own object',
  'POST /api/me/passkeys/options': 'signed in',
  'POST /api/me/passkeys': 'signed in',
  'POST /api/me/passkeys/:id/remove': 'signed in',
  'GET /api/me/tokens': 'signed in',
  'POST /api/me/tokens': 'signed in',
  'DELETE /api/me/tokens/:id': 'own object',

  'GET /api/tokens': 'admin',
  'DELETE /api/tokens/:id': 'admin, one object',
  'GET /api/users': 'admin',
  'POST /api/users': 'admin',
  'GET /api/users/:id': 'admin, one object',
  'PATCH /api/users/:id': 'admin',
  'DELETE /api/users/:id': 'admin, one object',
  'POST /api/users/:id/reset-second-factor': 'admin, one object',
  'GET /api/users/:id/avatar.jpg': 'admin, one object',
  'GET /api/users/:id/sessions': 'admin, one object',
  'DELETE /api/users/:id/sessions': 'admin, one object',
  'DELETE /api/users/:id/sessions/:sessionId': 'admin, one object',
  'GET /api/roles': 'admin',
  'POST /api/roles': 'admin',
  'PATCH /api/roles/:id': 'admin',
  'DELETE /api/roles/:id': 'admin, one object',
  'GET /api/policy': 'admin',
  'PATCH /api/policy': 'admin',
  'GET /api/groups': 'list of cameras’ things',
  'POST /api/groups': 'admin',
  'PATCH /api/groups/:id': 'admin',
  'DELETE /api/groups/:id': 'admin, one object',
  'GET /api/audit': 'admin',
  'GET /api/logs': 'admin',
  'GET /api/logs/bundle': 'admin',
  'GET /api/audit/export': 'admin',
  'POST /api/audit/verify': 'admin',

  'GET /api/cameras': 'list of cameras’ things',
  'POST /api/cameras': 'admin',
  'POST /api/cameras/probe': 'admin',
  'POST /api/cameras/:id/trust-key': 'admin',
  'GET /api/cameras/:id': 'camera, view',
  'PATCH /api/cameras/:id': 'admin',
  'DELETE /api/cameras/:id': 'admin, one object',
  'GET /api/cameras/:id/live': 'camera, view',
  'GET /api/cameras/:id/frame.jpg': 'camera, view',
  'GET /api/cameras/:id/parts': 'camera, replay',
  'GET /api/cameras/:id/playback': 'camera, replay',
  'HEAD /api/cameras/:id/playback': 'camera, replay',
  'GET /api/cameras/:id/playback.m3u8': 'camera, replay',
  'GET /api/cameras/:id/previews': 'camera, replay',
  'GET /api/cameras/:id/previews/:ms.jpg': 'camera, replay',
  'GET /api/cameras/:id/snapshot.jpg': 'camera, replay',
  'GET /api/cameras/:id/days': 'camera, replay',
  'GET /api/segments/:id/media': 'camera, replay',
  'HEAD /api/segments/:id/media': 'camera, replay',
  'GET /api/segments/:id/media.mp4': 'camera, replay',
  'HEAD /api/segments/:id/media.mp4': 'camera, replay',
  'GET /api/events': 'list of cameras’ things',
  'GET /api/events/:id': 'camera, replay',
  'GET /api/events/:id/picture.jpg': 'camera, replay',
  'PATCH /api/events/:id': 'admin',
  'GET /api/timeline': 'list of cameras’ things',
  'GET /api/system/status': 'list of cameras’ things',
  'GET /api/system/report': 'admin',
  'GET /api/updates': 'list of cameras’ things',

  'GET /api/volumes': 'admin',
  'PATCH /api/volumes/:id': 'admin',
  'POST /api/volumes/:id/simulate': 'admin',
  'GET /api/receipts': 'admin',

  'GET /api/backups': 'admin',
  'POST /api/backups': 'admin',
  'PATCH /api/backups/automatic': 'admin',
  'POST /api/backups/export': 'admin',
  'GET /api/backups/:id/file': 'admin, one object',
  'DELETE /api/backups/:id': 'admin, one object',
  'POST /api/restore/uploads': 'admin',
  'POST /api/restore/plans': 'admin',
  'POST /api/restore/plans/:id/confirm': 'admin',
}

/** What is done only with a password that was given in the last ten minutes (access.md R9). */
export const freshRoutes: readonly string[] = [
  'POST /api/me/tokens',
  'POST /api/users',
  'PATCH /api/users/:id',
  'DELETE /api/users/:id',
  'POST /api/users/:id/reset-second-factor',
  'POST /api/roles',
  'PATCH /api/roles/:id',
  'DELETE /api/roles/:id',
  'PATCH /api/policy',
  'POST /api/groups',
  'PATCH /api/groups/:id',
  'DELETE /api/groups/:id',
  'GET /api/audit/export',
  'GET /api/logs/bundle',
  'POST /api/cameras/:id/trust-key',
  'DELETE /api/cameras/:id',
  'POST /api/restore/uploads',
  'POST /api/restore/plans',
  'POST /api/restore/plans/:id/confirm',
  'PATCH /api/backups/automatic',
  'POST /api/backups/export',
  'GET /api/backups/:id/file',
  'DELETE /api/backups/:id',
]
