/** Looks at an address. A newer look cancels the one before. */
import { useMutation } from '@tanstack/react-query'
import type { ProbeAnswer, ProbeRequest } from '@vedette/shared/camera.ts'
import { useEffect, useRef } from 'react'
import { probeCamera } from '../api/cameras.ts'
import type { Connection } from './address.ts'

export interface Probe {
  readonly answer: ProbeAnswer | undefined
  readonly error: Error | null
  readonly isPending: boolean
  readonly run: (request: ProbeRequest) => void
}

export function useProbe(onAnswer?: (answer: ProbeAnswer) => void): Probe {
  const running = useRef<AbortController>(undefined)
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (request: ProbeRequest) => {
      running.current?.abort()
      running.current = new AbortController()
      return probeCamera(request, running.current.signal)
    },
    onSuccess: (answer) => onAnswer?.(answer),
  })
  useEffect(() => () => running.current?.abort(), [])
  return { answer: data, error, isPending, run: mutate }
}

/** A look at a connection as it stands in a form. With `cameraId` an untouched password is that camera's stored one. */
export function probeRequestOf(connection: Connection, cameraId?: string): ProbeRequest {
  const { address, username, password, transport } = connection
  return { address, transport, username, ...(password !== null && { password }), ...(cameraId && { cameraId }) }
}
