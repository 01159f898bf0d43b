/** What an entry keeps beside who and when: a change field by field, the rest as it is. */
import { useTranslation } from 'react-i18next'
import { changedRows } from './changed-rows.ts'

export function DetailView({ detail }: { detail: Readonly<Record<string, unknown>> }) {
  const { t } = useTranslation()
  const { rows, rest } = changedRows(detail)
  return (
    <>
      {rows.length > 0 ? (
        <table className="mt-4 w-full table-fixed border-collapse text-left text-xs">
          <caption className="sr-only">{t('audit.detail')}</caption>
          <thead className="text-low">
            <tr>
              <th className="w-1/4 py-1 pr-2 font-normal">{t('audit.field')}</th>
              <th className="py-1 pr-2 font-normal">{t('audit.before')}</th>
              <th className="py-1 font-normal">{t('audit.after')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ field, before, after }) => (
              <tr key={field} className="border-t border-line align-top">
                <th scope="row" className="py-1.5 pr-2 font-medium wrap-anywhere">
                  {field}
                </th>
                <td className="py-1.5 pr-2 text-mid wrap-anywhere">{before ?? '–'}</td>
                <td className="py-1.5 wrap-anywhere">{after ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {Object.keys(rest).length > 0 ? (
        <>
          <h3 className="mt-4 text-sm">{t('audit.detail')}</h3>
          <pre className="mt-1 rounded-md border border-line bg-surface-0 p-3 font-mono text-xs wrap-anywhere whitespace-pre-wrap">
            {JSON.stringify(rest, null, 2)}
          </pre>
        </>
      ) : null}
    </>
  )
}
