/**
 * FFmpeg's own messages: only what ends the process. A camera that sends garbage would otherwise write hundreds of lines a
 * second to stderr; what matters about it is counted by Decoder. Imported for its effect.
 */
import { AV_LOG_FATAL } from 'node-av/constants'
import { Log } from 'node-av/lib'

Log.setLevel(AV_LOG_FATAL)
