/** Cameras: list, add, change, delete, probe. Their live and recorded pictures have files of their own. */
import {
  cameraChange,
  cameraList,
  cameraView,
  newCamera,
  probeAnswer,
  probeRequest,
  trustKeyRequest,
} from '@vedette/shared/camera.ts'
import type { z } from 'zod'
import { del, get, patch, post } from './http.ts'

export const listCameras = async (signal?: AbortSignal) =>
  (await get({ path: '/api/cameras', out: cameraList, signal })).cameras

export const addCamera = (camera: z.input<typeof newCamera>) =>
  post({ path: '/api/cameras', body: newCamera.parse(camera), out: cameraView })

export const changeCamera = (id: string, change: z.input<typeof cameraChange>) =>
  patch({ path: `/api/cameras/${id}`, body: cameraChange.parse(change), out: cameraView })

/** Trusts the key that the camera shows now; asks for a fresh password. */
export const trustCameraKey = (id: string, keySha256: string) =>
  post({ path: `/api/cameras/${id}/trust-key`, body: trustKeyRequest.parse({ keySha256 }), out: cameraView })

export const deleteCamera = (id: string, footage: 'keep' | 'delete') =>
  del({ path: `/api/cameras/${id}`, query: { footage } })

/** Looks at an address before it is saved. A camera that refuses is an answer (`ok: false`), not an error. */
export const probeCamera = (request: z.input<typeof probeRequest>, signal?: AbortSignal) =>
  post({ path: '/api/cameras/probe', body: probeRequest.parse(request), out: probeAnswer, signal })
