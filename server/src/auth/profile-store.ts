/** What users change of their own account. */
import type { profileChange } from '@vedette/shared/user.ts'
import type { z } from 'zod'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/in-transaction.ts'
import type { UserTable } from '../db/tables.ts'
import { foldName } from '../lib/fold-name.ts'
import { changeAlone, requireFreeNames } from './user-store.ts'

/** Returns the account as it is afterwards. Throws conflict where the e-mail address is another's. */
export async function changeProfile(
  db: Db,
  before: UserTable,
  change: z.infer<typeof profileChange>,
): Promise<UserTable> {
  const email = change.email === undefined ? before.email : change.email
  const values = {
    language: change.language ?? before.language,
    default_page: change.defaultPage === undefined ? before.default_page : change.defaultPage,
    email,
    email_folded: email === null ? null : foldName(email),
  }
  const after = { ...before, ...values }
  await inTransaction(db, async (trx) => {
    await changeAlone(trx)
    await requireFreeNames(trx, after)
    await trx.updateTable('user').set(values).where('id', '=', before.id).execute()
  })
  return after
}
