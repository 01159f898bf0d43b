/** Proving a second factor at sign-in: a code, or a passkey that the browser asks for. */
import { useMutation } from '@tanstack/react-query'
import type { FactorMethod } from '@vedette/shared/second-factor.ts'
import type { Me } from '@vedette/shared/user.ts'
import { passkeyQuestion, proveSecondFactor } from '../api/account.ts'
import { ApiError } from '../api/http.ts'
import { provePasskey } from './passkey.ts'

export type FactorMethods = readonly FactorMethod[]
export type GivenProof =
  | { readonly method: 'totp' | 'recovery'; readonly code: string }
  | { readonly method: 'passkey' }

interface Options {
  readonly onDone: (user: Me) => void
  /** The five minutes or the ten attempts are over: the server's sentence. */
  readonly onOver: (problem: string) => void
}

export function useSecondFactor({ onDone, onOver }: Options) {
  return useMutation({
    mutationFn: async ({ given, trustDevice }: { given: GivenProof; trustDevice: boolean }) => {
      if (given.method !== 'passkey') return proveSecondFactor({ proof: given, trustDevice })
      const credential = await provePasskey(await passkeyQuestion())
      return proveSecondFactor({ proof: { method: 'passkey', credential }, trustDevice })
    },
    onSuccess: onDone,
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'unauthenticated') onOver(error.message)
    },
  })
}
