/** All migrations in order. */
import type { Migration } from '../migrate.ts'
import { accounts } from './0001-accounts.ts'
import { cameras } from './0002-cameras.ts'
import { storage } from './0003-storage.ts'
import { events } from './0004-events.ts'
import { eventHours } from './0005-event-hours.ts'
import { access } from './0006-access.ts'
import { audit } from './0007-audit.ts'
import { profiles } from './0008-profiles.ts'
import { cameraKeys } from './0009-camera-keys.ts'
import { recordingByHand } from './0010-recording-by-hand.ts'
import { clockEpochs } from './0011-clock-epochs.ts'

export const migrations: readonly Migration[] = [
  accounts,
  cameras,
  storage,
  events,
  eventHours,
  access,
  audit,
  profiles,
  cameraKeys,
  recordingByHand,
  clockEpochs,
]
