/** What the routes of accounts need. */
import type { AuditEntry, WriteAudit } from '@vedette/shared/audit.ts'
import type { Db } from '../db/database.ts'
import type { AuditedChange } from '../db/in-transaction.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'

export interface AccountDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  /** The installation's key, for secrets at rest. */
  readonly key: Buffer
  readonly audit: WriteAudit
  readonly change: AuditedChange
  /** A small JPEG of our own making from one that a user sent; throws bad_request where it cannot be read. */
  readonly shrinkPicture: (jpeg: Uint8Array) => Promise<Buffer>
  /** For what repeats: writes once a minute for each key. */
  readonly auditOnce: (key: string, entry: AuditEntry) => Promise<void>
}
