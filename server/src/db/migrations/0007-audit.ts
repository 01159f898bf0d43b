/** The audit log: rows can be added, nothing else; each carries the hash of the one before (docs/design/auth.md). */
import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

export const audit: Migration = {
  name: '0007-audit',
  up: async (trx, kind) => {
    await trx.schema
      .createTable('audit')
      .addColumn('seq', 'bigint', (c) => c.primaryKey()) // 1, 2, 3 … without holes.
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull()) // shared/audit.ts auditKind.
      .addColumn('user_id', 'text') // Who did it; null: nobody signed in, or the machine itself.
      .addColumn('username', 'text', (c) => c.notNull()) // Their name then; users can be deleted.
      .addColumn('address', 'text', (c) => c.notNull()) // Of the client; empty on the command line.
      .addColumn('object', 'text', (c) => c.notNull()) // What it was done to, e.g. 'camera 01J…'.
      .addColumn('detail', 'text', (c) => c.notNull()) // JSON; never a secret.
      .addColumn('hash', 'text', (c) => c.notNull()) // HMAC-SHA256 over the row and the hash of the row before.
      .execute()
    for (const column of ['at_ms', 'user_id', 'kind'])
      await trx.schema.createIndex(`audit_${column}`).on('audit').columns([column, 'seq']).execute()
    if (kind === 'sqlite') {
      for (const operation of ['update', 'delete'])
        await sql
          .raw(`create trigger audit_no_${operation} before ${operation} on audit
            begin select raise(abort, 'the audit log is append-only'); end`)
          .execute(trx)
      return
    }
    await sql`create function refuse_audit_change() returns trigger language plpgsql as $$
      begin raise exception 'the audit log is append-only'; end $$`.execute(trx)
    await sql`create trigger audit_no_change before update or delete or truncate on audit
      for each statement execute function refuse_audit_change()`.execute(trx)
  },
}
