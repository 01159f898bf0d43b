/** The browser's side of passkeys: its own JSON forms go to and from the server, which checks everything. */
import type { AssertedCredential, CreatedCredential } from '@vedette/shared/second-factor.ts'
import { assertedCredential, createdCredential } from '@vedette/shared/second-factor.ts'
import type { TFunction } from 'i18next'
import { errorSentence } from '../i18n/error-sentence.ts'

/** The server's question; the browser's parser refuses what it does not know. */
type Question = Readonly<Record<string, unknown>>

/** Passkeys belong to a host name over HTTPS (or localhost); browsers before 2025 lack the JSON forms. */
export const canUsePasskeys = () =>
  window.isSecureContext &&
  'PublicKeyCredential' in window &&
  'parseCreationOptionsFromJSON' in PublicKeyCredential &&
  !/^[\d.]+$|^\[/.test(location.hostname)

/** Makes a passkey on this device or key; rejects with a DOMException where the person turns away. */
export async function createPasskey(question: Question): Promise<CreatedCredential> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    question as unknown as PublicKeyCredentialCreationOptionsJSON,
  )
  return createdCredential.parse(toJson(await navigator.credentials.create({ publicKey })))
}

/** Proves a passkey that this account has. */
export async function provePasskey(question: Question): Promise<AssertedCredential> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    question as unknown as PublicKeyCredentialRequestOptionsJSON,
  )
  return assertedCredential.parse(toJson(await navigator.credentials.get({ publicKey })))
}

const toJson = (credential: Credential | null): unknown =>
  credential instanceof PublicKeyCredential ? credential.toJSON() : null

/** What went wrong, also where it was the browser or the person and not the server. */
export function passkeySentence(error: unknown, t: TFunction): string {
  if (!(error instanceof DOMException)) return errorSentence(error, t)
  return t(error.name === 'InvalidStateError' ? 'auth.passkey.known' : 'auth.passkey.cancelled')
}
