/** Picture, e-mail address, language and the page that opens first. */
import { useMutation } from '@tanstack/react-query'
import { type LanguageChoice, languages } from '@vedette/shared/language.ts'
import type { Me } from '@vedette/shared/user.ts'
import i18next from 'i18next'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { changeProfile } from '../api/profile.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence, fieldSentence } from '../i18n/error-sentence.ts'
import { chooseLanguage, languageNames } from '../i18n/language.ts'
import { usePlaces } from '../shell/places.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { Section } from '../ui/page.tsx'
import { Note } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'
import { AvatarField } from './avatar-field.tsx'

export function PersonSection({ me }: { me: Me }) {
  const { t } = useTranslation()
  const { main } = usePlaces()
  const [email, setEmail] = useState(me.email ?? '')
  const [page, setPage] = useState(me.defaultPage ?? '/live')
  const [language, setLanguage] = useState<LanguageChoice>(me.language)
  const saving = useMutation({
    mutationFn: () => changeProfile({ email: email.trim() || null, defaultPage: page, language }),
    onSuccess: async (next) => {
      await chooseLanguage(next.language)
      queryClient.setQueryData(keys.me, next)
      tell(i18next.t('profile.person.saved'))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  const pages = main.map(({ to, name }) => ({ value: to as string, label: t(`shell.place.${name}`) }))
  // A page that was taken away since stays visible as what it is.
  const known = pages.some(({ value }) => value === page) ? pages : [...pages, { value: page, label: page }]
  const choices = [
    { value: 'auto' as const, label: t('profile.person.languageAuto') },
    ...languages.map((value) => ({ value, label: languageNames[value] })),
  ]
  return (
    <Section title={me.username} hint={t(me.role === 'admin' ? 'profile.person.isAdmin' : 'profile.person.isViewer')}>
      <form className="grid max-w-2xl items-start gap-4 sm:grid-cols-2" onSubmit={submit}>
        <AvatarField me={me} />
        <Field
          label={t('profile.person.email')}
          hint={t('profile.person.emailHint')}
          error={fieldSentence(saving.error, 'email', t)}
        >
          {(control) => (
            <Input
              {...control}
              type="email"
              autoComplete="email"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('profile.person.page')}>
          {(control) => <Select {...control} value={page} options={known} onValue={setPage} />}
        </Field>
        <Field label={t('profile.person.language')}>
          {(control) => <Select {...control} value={language} options={choices} onValue={setLanguage} />}
        </Field>
        {saving.isError && !fieldSentence(saving.error, 'email', t) ? (
          <Note tone="danger">{errorSentence(saving.error, t)}</Note>
        ) : null}
        <Button type="submit" className="justify-self-start sm:col-start-1" busy={saving.isPending}>
          {t('common.save')}
        </Button>
      </form>
    </Section>
  )
}
