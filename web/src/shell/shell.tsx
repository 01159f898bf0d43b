/** The frame around every page of a signed-in user: rail or bottom bar, news about the connection, the page. */
import { Outlet, useLocation } from '@tanstack/react-router'
import { useLayoutEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useUpdates } from '../api/apply-updates.ts'
import { setTitle } from '../ui/use-title.ts'
import { BottomBar } from './bottom-bar.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { places } from './places.ts'
import { Rail } from './rail.tsx'
import { SignInGate } from './sign-in-gate.tsx'

export function Shell() {
  return (
    <SignInGate>
      <Frame />
    </SignInGate>
  )
}

function Frame() {
  const { t } = useTranslation()
  useUpdates()
  const { pathname } = useLocation()
  const place = places.find(({ to }) => pathname.startsWith(to))
  // Before the page's own effects, so a page may name itself more closely.
  useLayoutEffect(() => setTitle(place ? t(`shell.place.${place.name}`) : ''), [place, t])
  return (
    <div className="flex h-dvh flex-col [--bottom-bar:56px] md:flex-row md:[--bottom-bar:0px]">
      <a
        href="#content"
        className="absolute z-50 -translate-y-full bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
      >
        {t('shell.skip')}
      </a>
      <Rail />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <ConnectionBanner />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a page may hold nothing else to focus. */}
        <main id="content" tabIndex={0} className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2">
          <Outlet />
        </main>
      </div>
      <BottomBar />
    </div>
  )
}
