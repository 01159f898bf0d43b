/** The JSON on a live WebSocket, parsed: in the page, because the schemas would make every decoding worker ten times as large. */
import { type LiveMetadata, liveMetadata } from '@vedette/shared/live.ts'

/** Undefined for what a server of another version may say. */
export const parseLiveMetadata = (json: unknown): LiveMetadata | undefined => liveMetadata.safeParse(json).data
