/**
 * Which way a live picture takes to the screen, and the reason when it is not the best one.
 *
 * In:  what the camera's setting forces, what this browser can do, what already failed here.
 * Out: webcodecs (fastest), mse (some tenths of a second later) or jpeg (always works, a picture every second or so).
 */

export type Transport = 'webcodecs' | 'mse' | 'jpeg'

/** Why a faster transport is not used; `live.json` has the sentence for each. */
export type FallbackReason = 'forced' | 'no_webcodecs' | 'insecure' | 'codec_webcodecs' | 'codec_mse' | 'failed'

export interface BrowserAbilities {
  readonly hasWebCodecs: boolean
  readonly hasMediaSource: boolean
  readonly isSecure: boolean
}

/** What was tried for this stream and why it ended. */
export type Failures = Partial<Record<Transport, 'codec' | 'failed'>>

export interface TransportChoice {
  readonly transport: Transport
  readonly reason: FallbackReason | null
}

export function chooseTransport(
  mode: 'auto' | Transport,
  abilities: BrowserAbilities,
  failures: Failures,
): TransportChoice {
  if (mode !== 'auto' && !failures[mode] && isAble(mode, abilities)) {
    return { transport: mode, reason: mode === 'webcodecs' ? null : 'forced' }
  }
  if (isAble('webcodecs', abilities) && !failures.webcodecs && mode !== 'mse') {
    return { transport: 'webcodecs', reason: null }
  }
  const reason = reasonAgainstWebCodecs(abilities, failures)
  if (isAble('mse', abilities) && !failures.mse) return { transport: 'mse', reason }
  return { transport: 'jpeg', reason: failures.mse === 'codec' ? 'codec_mse' : reason }
}

function isAble(transport: Transport, abilities: BrowserAbilities): boolean {
  if (transport === 'webcodecs') return abilities.hasWebCodecs
  return transport === 'jpeg' || abilities.hasMediaSource
}

function reasonAgainstWebCodecs(abilities: BrowserAbilities, failures: Failures): FallbackReason {
  if (failures.webcodecs === 'codec') return 'codec_webcodecs'
  if (abilities.hasWebCodecs) return 'failed'
  return abilities.isSecure ? 'no_webcodecs' : 'insecure'
}
