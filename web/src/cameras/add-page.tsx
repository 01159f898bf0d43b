/** Adding a camera by hand: where it is, what it shows, what it is called. The address is looked at before it is saved. */
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addCamera } from '../api/cameras.ts'
import { ApiError } from '../api/http.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { tell } from '../ui/toast.tsx'
import { NameStep } from './add-name-step.tsx'
import type { Connection } from './address.ts'
import { AddressFields } from './address-fields.tsx'
import { ProbeResult } from './probe-result.tsx'
import { probeRequestOf, useProbe } from './use-probe.ts'

const empty: Connection = { address: '', username: '', password: null, transport: 'tcp' }

export function AddCameraPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { first } = useSearch({ from: '/signed-in/cameras/new' })
  const [connection, setConnection] = useState(empty)
  const [named, setNamed] = useState({ name: '', location: '', subAddress: '' })
  const [anyway, setAnyway] = useState(false)
  const probe = useProbe((answer) => answer.ok && setConnection((now) => ({ ...now, address: answer.address })))
  const addition = useMutation({
    mutationFn: () =>
      addCamera({
        ...connection,
        password: connection.password || undefined,
        name: named.name.trim(),
        location: named.location.trim(),
        subAddress: named.subAddress.trim() || null,
      }),
    onSuccess: async (camera) => {
      tell(t('cameras.add.done', { name: camera.name }))
      await queryClient.invalidateQueries({ queryKey: keys.cameras })
      await navigate(first ? { to: '/live' } : { to: '/cameras' })
    },
  })

  const look = (event: FormEvent) => {
    event.preventDefault()
    setAnyway(false)
    probe.run(probeRequestOf(connection))
  }
  const change = (part: Partial<Connection>) => setConnection((now) => ({ ...now, ...part }))
  const canName = probe.answer?.ok || anyway
  const refused = addition.error instanceof ApiError ? addition.error : undefined
  const fieldErrors = refused?.field ? { [refused.field]: refused.message } : {}

  return (
    <Page
      title={t(first ? 'cameras.add.first' : 'cameras.add.title')}
      before={
        <IconButton label={t('common.back')} onClick={() => void navigate({ to: '/cameras' })}>
          <ArrowLeft />
        </IconButton>
      }
    >
      <div className="mx-auto grid w-full max-w-[1120px] gap-x-8 gap-y-6 p-4 pb-16 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)] lg:grid-rows-[auto_1fr]">
        <form className="flex flex-col gap-4" onSubmit={look}>
          <AddressFields value={connection} onChange={change} errors={fieldErrors} autoFocus />
          <div className="flex flex-wrap gap-2">
            <Button
              type="submit"
              look={canName ? 'plain' : 'primary'}
              busy={probe.isPending}
              disabled={connection.address.trim() === ''}
            >
              {t(probe.answer ? 'cameras.probe.again' : 'cameras.probe.look')}
            </Button>
            {first ? (
              <Button look="quiet" asChild>
                <Link to="/live">{t('cameras.add.later')}</Link>
              </Button>
            ) : null}
          </div>
        </form>
        <div className="flex flex-col gap-4 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <ProbeResult probe={probe} placeholder={t('cameras.add.placeholder')} />
          {probe.answer && !probe.answer.ok && !anyway ? (
            <p className="text-mid">
              {t('cameras.add.anywayHint')}{' '}
              <button type="button" className="text-accent underline" onClick={() => setAnyway(true)}>
                {t('cameras.add.anyway')}
              </button>
            </p>
          ) : null}
        </div>
        {canName ? (
          <NameStep
            value={named}
            onChange={(part) => setNamed({ ...named, ...part })}
            connection={connection}
            errors={fieldErrors}
            problem={addition.isError && !refused?.field ? errorSentence(addition.error, t) : undefined}
            busy={addition.isPending}
            onSubmit={() => addition.mutate()}
          />
        ) : null}
      </div>
    </Page>
  )
}
