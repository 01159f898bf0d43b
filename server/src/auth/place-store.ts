/** Where each user signed in from before, so that the audit log can say when it is somewhere new. */
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/in-transaction.ts'
import { addressGroup } from './attempt-store.ts'

/** The places not used for longest are forgotten. */
const maxPerUser = 50

/** Notes a sign-in; true where this user never signed in from there, but did from elsewhere. */
export async function notePlace(db: Db, userId: string, address: string, nowMs: number): Promise<boolean> {
  const place = addressGroup(address)
  return inTransaction(db, async (trx) => {
    const known = await trx
      .selectFrom('known_place')
      .select('place')
      .where('user_id', '=', userId)
      .orderBy('last_ms', 'desc')
      .execute()
    await trx
      .insertInto('known_place')
      .values({ user_id: userId, place, last_ms: nowMs })
      .onConflict((conflict) => conflict.columns(['user_id', 'place']).doUpdateSet({ last_ms: nowMs }))
      .execute()
    const isKnown = known.some((row) => row.place === place)
    if (!isKnown)
      for (const old of known.slice(maxPerUser - 1))
        await trx.deleteFrom('known_place').where('user_id', '=', userId).where('place', '=', old.place).execute()
    return known.length > 0 && !isKnown
  })
}
