/**
 * What to do with an arriving frame while the decoder still works on others.
 *
 * A viewer that is too slow must not fall further and further behind: at a key frame it throws away what waits and goes on
 * there. Until that key frame it keeps decoding, so the picture moves on instead of freezing.
 */

/** Frames that may wait when a key frame comes; at 25 fps a third of a second. */
const lateFrames = 8
/** The burst from the last key frame that opens a stream fits; more than this is memory nobody asked for. */
const maxWaitingFrames = 300

export type FramePlan = 'decode' | 'drop' | 'restart'

/** `needsKey`: nothing was decoded since the decoder was configured. */
export function planFrame(frame: { isKey: boolean; waitingFrames: number; needsKey: boolean }): FramePlan {
  if (frame.isKey) return frame.waitingFrames > lateFrames ? 'restart' : 'decode'
  return frame.needsKey || frame.waitingFrames >= maxWaitingFrames ? 'drop' : 'decode'
}
