/** What comes, goes and changes of one kind of thing. Secrets are named, their values are nowhere. */
import type { KindChange, ShownValue } from '@vedette/shared/backup.ts'
import { useTranslation } from 'react-i18next'
import { englishLater } from '../i18n/english-later.ts'
import { formatNumber } from '../i18n/format.ts'
import { Badge } from '../ui/badge.tsx'

type Field = KindChange['changed'][number]['fields'][number]
type FieldName = keyof typeof englishLater.backup.field

/** More are counted: a list of a thousand users is read by nobody. */
const mostShown = 50

export function KindChanges({ change }: { change: KindChange }) {
  const { t } = useTranslation()
  const { kind, before, after, added, removed, changed } = change
  const title = t(`backup.kind.${kind}`)
  return (
    <section aria-label={title} className="flex flex-col gap-1 border-t border-line pt-3">
      <h3 className="flex flex-wrap items-baseline justify-between gap-x-3 font-medium">
        {title}
        {kind === 'settings' ? null : (
          <span className="text-xs font-normal text-mid tabular-nums">
            {t('backup.restore.counts', { before: formatNumber(before), after: formatNumber(after) })}
          </span>
        )}
      </h3>
      <ul className="flex flex-col gap-1">
        {added.slice(0, mostShown).map((name) => (
          <Line key={`+${name}`} tone="good" word={t('backup.restore.added')} name={name} />
        ))}
        {removed.slice(0, mostShown).map((name) => (
          <Line key={`-${name}`} tone="danger" word={t('backup.restore.removed')} name={name} />
        ))}
        {changed.slice(0, mostShown).map(({ name, fields }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two things may have one name, and the list never changes.
          <li key={`${name} ${place}`}>
            <ul className="flex flex-col gap-1">
              {name ? <Line tone="event" word={t('backup.restore.changed')} name={name} /> : null}
              {fields.map((field) => (
                <FieldLine key={field.field} field={field} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <More count={[added, removed, changed].reduce((sum, list) => sum + Math.max(0, list.length - mostShown), 0)} />
    </section>
  )
}

function More({ count }: { count: number }) {
  const { t } = useTranslation()
  return count > 0 ? <p className="text-mid">{t('backup.restore.more', { count })}</p> : null
}

function Line({ tone, word, name }: { tone: 'good' | 'danger' | 'event'; word: string; name: string }) {
  return (
    <li className="flex min-w-0 items-baseline gap-2">
      <Badge tone={tone}>{word}</Badge>
      <span className="min-w-0 wrap-anywhere">{name}</span>
    </li>
  )
}

function FieldLine({ field: { field, isSecret, before, after } }: { field: Field }) {
  const { t } = useTranslation()
  const name = isFieldName(field) ? t(`backup.field.${field}`) : field
  const inWords = (value: ShownValue) => {
    if (value === null || value === '') return t('backup.restore.nothingThere')
    if (typeof value === 'boolean') return t(value ? 'backup.restore.yes' : 'backup.restore.no')
    if (typeof value === 'number') return formatNumber(value, 3)
    return value.replace(/(^|; )\*:/g, (_, start: string) => `${start}${t('backup.restore.everywhere')}:`)
  }
  return (
    <li className="flex min-w-0 flex-wrap gap-x-2 pl-3 text-sm">
      <span className="text-mid">{name}</span>
      {isSecret ? (
        <span>{t('backup.restore.secret')}</span>
      ) : (
        <span className="min-w-0 wrap-anywhere">
          <span className="text-mid line-through">{inWords(before)}</span> → {inWords(after)}
        </span>
      )}
    </li>
  )
}

const isFieldName = (field: string): field is FieldName => Object.hasOwn(englishLater.backup.field, field)
