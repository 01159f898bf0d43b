/** What differs between two configurations, by kind, in the words that a person confirms. Pure. */
import { type BackupKind, backupKind, type KindChange } from '@vedette/shared/backup.ts'
import type { Facts, Thing } from './configuration-facts.ts'

/** Kinds without a difference are left out. */
export function compareFacts(before: Facts, after: Facts): KindChange[] {
  return backupKind.options
    .map((kind) => compareKind(kind, before[kind], after[kind]))
    .filter(({ added, removed, changed }) => added.length + removed.length + changed.length > 0)
}

/** Ids of the things of a kind that are new, gone or different. */
export function changedIds(before: readonly Thing[], after: readonly Thing[]): Set<string> {
  const [old, now] = [byId(before), byId(after)]
  const ids = new Set([...old.keys(), ...now.keys()])
  return new Set([...ids].filter((id) => textOf(old.get(id)) !== textOf(now.get(id))))
}

function compareKind(kind: BackupKind, before: readonly Thing[], after: readonly Thing[]): KindChange {
  const [old, now] = [byId(before), byId(after)]
  return {
    kind,
    before: before.length,
    after: after.length,
    added: after.filter(({ id }) => !old.has(id)).map(({ name }) => name),
    removed: before.filter(({ id }) => !now.has(id)).map(({ name }) => name),
    changed: after.flatMap((thing) => {
      const was = old.get(thing.id)
      const fields = was ? changedFields(was, thing) : []
      return fields.length > 0 ? [{ name: was?.name || thing.name, fields }] : []
    }),
  }
}

function changedFields(before: Thing, after: Thing): KindChange['changed'][number]['fields'] {
  const fields = new Set([...Object.keys(before.facts), ...Object.keys(after.facts)])
  return [...fields].flatMap((field) => {
    const [was, is] = [before.facts[field], after.facts[field]]
    if (was?.value === is?.value) return []
    const isSecret = was?.isSecret === true || is?.isSecret === true
    return [
      { field, isSecret, before: isSecret ? null : (was?.shown ?? null), after: isSecret ? null : (is?.shown ?? null) },
    ]
  })
}

const byId = (things: readonly Thing[]) => new Map(things.map((thing) => [thing.id, thing]))
const textOf = (thing: Thing | undefined) =>
  thing && JSON.stringify(Object.entries(thing.facts).map(([field, { value }]) => [field, value]))
