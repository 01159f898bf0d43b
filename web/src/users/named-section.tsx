/** A section of things with a name (groups, own roles): the list, adding, changing and deleting one. */
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../shell/confirm-dialog.tsx'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { NamedRows } from './named-rows.tsx'
import { refreshAccounts } from './use-accounts.ts'

export interface Closing {
  readonly onDone: () => void
  readonly onClose: () => void
}

interface Props<T> {
  /** Whose texts: users.groups or users.custom. */
  words: 'groups' | 'custom'
  query: UseQueryResult<readonly T[]>
  sentence: (one: T) => ReactNode
  /** Null: a new one. */
  dialog: (one: T | null, closing: Closing) => ReactNode
  remove: (id: string) => Promise<unknown>
}

export function NamedSection<T extends { readonly id: string; readonly name: string }>(props: Props<T>) {
  const { words, query, sentence, dialog, remove } = props
  const { t } = useTranslation()
  const [changing, setChanging] = useState<T | 'new' | null>(null)
  const [deleting, setDeleting] = useState<T | null>(null)
  const close = () => {
    setChanging(null)
    setDeleting(null)
  }
  const done = () => {
    close()
    void refreshAccounts()
  }
  return (
    <Section
      title={t(`users.${words}.title`)}
      hint={t(`users.${words}.hint`)}
      actions={<Button onClick={() => setChanging('new')}>{t(`users.${words}.add`)}</Button>}
    >
      <QueryView query={query} rows={1}>
        {(list) => <NamedRows rows={list} sentence={sentence} onChange={setChanging} onDelete={setDeleting} />}
      </QueryView>
      {changing === null ? null : dialog(changing === 'new' ? null : changing, { onDone: done, onClose: close })}
      {deleting ? (
        <ConfirmDialog
          title={t('users.deleteNamed', { name: deleting.name })}
          action={t(`users.${words}.delete`)}
          run={() => remove(deleting.id)}
          onDone={done}
          onClose={close}
        >
          {t(`users.${words}.deleteText`)}
        </ConfirmDialog>
      ) : null}
    </Section>
  )
}
