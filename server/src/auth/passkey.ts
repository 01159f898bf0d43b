/**
 * Passkeys (WebAuthn) as a second factor. The library is loaded when the first passkey is used: most installations have none.
 * Passkeys belong to a host name; on a bare IP address browsers do not offer them.
 */
import type { AssertedCredential, CreatedCredential } from '@vedette/shared/second-factor.ts'
import ipaddr from 'ipaddr.js'
import type { Db } from '../db/database.ts'
import type { UserTable } from '../db/tables.ts'
import type { HttpRequest } from '../http/http.ts'
import { nameOfHost } from '../http/own-hosts.ts'
import { originOf } from '../http/prove-origin.ts'
import { AppError } from '../lib/app-error.ts'
import { addPasskey, keepChallenge, listPasskeys, maxPasskeys, notePasskeyUse, takeChallenge } from './passkey-store.ts'

/** The site that a passkey is made for, as the browser knows it. */
export interface Site {
  readonly host: string
  readonly origin: string
}

/** The host was checked before (http/own-hosts.ts). */
export const siteOf = (request: HttpRequest): Site => ({ host: nameOfHost(request.host), origin: originOf(request) })

const transportsOf = (text: string): string[] => {
  const list: unknown = JSON.parse(text)
  return Array.isArray(list) ? list.map(String) : []
}

/** Options for navigator.credentials.create. Throws conflict on a host without a name. */
export async function newPasskeyOptions(db: Db, user: UserTable, site: Site, subject: string, nowMs: number) {
  if (ipaddr.isValid(site.host.replace(/[[\]]/g, '')))
    throw new AppError('conflict', 'Passkeys need a host name: open this page by its name instead of its IP address.')
  const known = await listPasskeys(db, user.id)
  if (known.length >= maxPasskeys)
    throw new AppError('conflict', `You have ${maxPasskeys} passkeys: remove one that you do not use.`)
  const { generateRegistrationOptions } = await import('@simplewebauthn/server')
  const options = await generateRegistrationOptions({
    rpName: 'Vedette',
    rpID: site.host,
    userName: user.username,
    userID: new TextEncoder().encode(user.id),
    attestationType: 'none',
    excludeCredentials: known.map((key) => ({ id: key.credential_id, transports: transportsOf(key.transports) })),
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
  })
  await keepChallenge(db, subject, options.challenge, nowMs)
  return options
}

/** Adds the passkey that the browser made; false where its answer is not one to our challenge. */
export async function registerPasskey(
  trx: Db,
  given: { readonly user: UserTable; readonly site: Site; readonly subject: string; readonly name: string },
  credential: CreatedCredential,
  nowMs: number,
): Promise<boolean> {
  const { user, site, subject, name } = given
  const expectedChallenge = await takeChallenge(trx, subject, nowMs)
  if (!expectedChallenge) return false
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const { transports = [], ...response } = credential.response
  if (!(await vouchesForItself(response.attestationObject))) return false
  const answer = await unlessRefused(() =>
    verifyRegistrationResponse({
      response: { ...credential, response, clientExtensionResults: {} },
      expectedChallenge,
      expectedOrigin: site.origin,
      expectedRPID: site.host,
      requireUserVerification: false,
    }),
  )
  if (!answer?.verified) return false
  const made = answer.registrationInfo.credential
  const other = await trx.selectFrom('passkey').select('id').where('credential_id', '=', made.id).executeTakeFirst()
  if (other) return false
  await addPasskey(
    trx,
    {
      user_id: user.id,
      credential_id: made.id,
      public_key: Buffer.from(made.publicKey).toString('base64url'),
      counter: made.counter,
      transports: JSON.stringify(transports),
      host: site.host,
      name,
    },
    nowMs,
  )
  return true
}

/** Options for navigator.credentials.get, with the user's passkeys for this host. */
export async function passkeyLoginOptions(db: Db, userId: string, site: Site, subject: string, nowMs: number) {
  const known = (await listPasskeys(db, userId)).filter((key) => key.host === site.host)
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server')
  const options = await generateAuthenticationOptions({
    rpID: site.host,
    allowCredentials: known.map((key) => ({ id: key.credential_id, transports: transportsOf(key.transports) })),
    userVerification: 'preferred',
  })
  await keepChallenge(db, subject, options.challenge, nowMs)
  return options
}

/** Whether a passkey of this user signed our challenge, which is used up by this. */
export async function acceptPasskey(
  db: Db,
  given: { readonly userId: string; readonly site: Site; readonly subject: string },
  credential: AssertedCredential,
  nowMs: number,
): Promise<boolean> {
  const { userId, site, subject } = given
  const expectedChallenge = await takeChallenge(db, subject, nowMs)
  const known = (await listPasskeys(db, userId)).find((key) => key.credential_id === credential.id)
  if (!expectedChallenge || known?.host !== site.host) return false
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const { userHandle: _, ...response } = credential.response
  const answer = await unlessRefused(() =>
    verifyAuthenticationResponse({
      response: { ...credential, response, clientExtensionResults: {} },
      expectedChallenge,
      expectedOrigin: site.origin,
      expectedRPID: site.host,
      requireUserVerification: false,
      credential: {
        id: known.credential_id,
        publicKey: new Uint8Array(Buffer.from(known.public_key, 'base64url')),
        counter: Number(known.counter),
      },
    }),
  )
  if (!answer?.verified) return false
  return notePasskeyUse(db, known, answer.authenticationInfo.newCounter, nowMs)
}

/**
 * We ask for no attestation, so browsers bring none, or one that the passkey signed itself (WebAuthn, 5.4.7). Certificates are
 * somebody's own idea: to check them the library fetches whatever address they name, past net/ (SECURITY.md R15).
 */
async function vouchesForItself(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject, isoBase64URL } = await import('@simplewebauthn/server/helpers')
  const isIt = await unlessRefused(async () => {
    const attestation = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject))
    const format = attestation.get('fmt')
    return format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined)
  })
  return isIt ?? false
}

/** The library throws plain errors for everything that is wrong with an answer from outside. */
async function unlessRefused<T>(verify: () => Promise<T>): Promise<T | undefined> {
  try {
    return await verify()
  } catch {
    return undefined
  }
}
