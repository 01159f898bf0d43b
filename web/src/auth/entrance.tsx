/** The quiet page outside the app: mark, title, one column, and the languages at its foot. */
import type { ReactNode } from 'react'
import { useTitle } from '../ui/use-title.ts'
import { LanguageChoice } from './language-choice.tsx'

export function Entrance({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title)
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[400px] flex-col justify-center gap-6 px-4 py-10">
      <header className="flex items-center gap-3">
        <img src="/favicon.svg" alt="Vedette" className="size-8" />
        <h1 className="text-lg">{title}</h1>
      </header>
      {children}
      <LanguageChoice />
    </main>
  )
}
