/**
 * Sensitive actions need a password that was given lately (access.md R9). A request that is refused for that waits here
 * until somebody has given it again (auth/fresh-password-dialog.tsx), and is then sent once more by http.ts.
 */
import { useSyncExternalStore } from 'react'

interface Question {
  /** Resolves true when the password was given, false when the person turned away. */
  readonly answered: Promise<boolean>
  readonly answer: (given: boolean) => void
}

let question: Question | undefined
const listeners = new Set<() => void>()

function setQuestion(next: Question | undefined): void {
  question = next
  for (const listener of listeners) listener()
}

/** Asks the person; requests that are refused meanwhile share the question. False where nobody can be asked. */
export function askForFreshPassword(): Promise<boolean> {
  if (listeners.size === 0) return Promise.resolve(false)
  if (!question) {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    setQuestion({ answered: promise, answer: resolve })
    void promise.then(() => setQuestion(undefined))
  }
  return question?.answered ?? Promise.resolve(false)
}

/** Hears when a question is asked or over. */
export function followQuestion(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const openQuestion = () => question

/** Answers the open question; undefined while there is none. */
export const useFreshPasswordQuestion = () => useSyncExternalStore(followQuestion, openQuestion)?.answer
