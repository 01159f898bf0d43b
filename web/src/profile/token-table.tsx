/** API tokens as a list: one's own, or everybody's for administrators. */
import type { TokenView } from '@vedette/shared/token.ts'
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { formatDate } from '../i18n/format.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { Ago } from './ago.tsx'

interface Props {
  tokens: readonly TokenView[]
  onEnd: (token: TokenView) => void
  /** Whose it is. */
  withUser?: boolean
}

export function TokenTable({ tokens, onEnd, withUser = false }: Props) {
  const { t } = useTranslation()
  const cameras = useCameras().data ?? []
  const nameOf = (id: string) => cameras.find((camera) => camera.id === id)?.name ?? t('profile.tokens.goneCamera')
  const user: Column<TokenView> = { key: 'user', header: t('profile.tokens.user'), cell: ({ username }) => username }
  const columns: readonly Column<TokenView>[] = [
    {
      key: 'name',
      header: t('profile.tokens.name'),
      phone: 'title',
      cell: (token) => (
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {token.name}
          {token.expiresMs < Date.now() ? <Badge tone="event">{t('profile.tokens.expired')}</Badge> : null}
        </span>
      ),
    },
    ...(withUser ? [user] : []),
    {
      key: 'rights',
      header: t('profile.tokens.rights'),
      cell: ({ rights }) => rights.map((right) => t(`users.right.${right}`)).join(', '),
    },
    {
      key: 'cameras',
      header: t('profile.tokens.cameras'),
      cell: (token) => token.cameras?.map(nameOf).join(', ') ?? t('profile.tokens.allCameras'),
    },
    { key: 'until', header: t('profile.tokens.until'), cell: ({ expiresMs }) => formatDate(expiresMs) },
    {
      key: 'used',
      header: t('profile.tokens.lastUsed'),
      cell: ({ lastUsedMs, lastAddress }) =>
        lastUsedMs === null ? (
          t('profile.neverUsed')
        ) : (
          <span>
            <Ago ms={lastUsedMs} /> {lastAddress ? `(${lastAddress})` : ''}
          </span>
        ),
    },
    {
      key: 'end',
      header: <span className="sr-only">{t('profile.tokens.end')}</span>,
      phone: 'bare',
      end: true,
      cell: (token) => (
        <Button aria-label={t('profile.tokens.endNamed', { name: token.name })} onClick={() => onEnd(token)}>
          {t('profile.tokens.end')}
        </Button>
      ),
    },
  ]
  return (
    <div className="-mx-4">
      <Table label={t('profile.tokens.title')} columns={columns} rows={tokens} rowKey={({ id }) => id} />
    </div>
  )
}
