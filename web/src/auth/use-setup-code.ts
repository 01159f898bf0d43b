/** The one-time code of set-up: typed, or taken from the link on the console, whose address then forgets it. */
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { codeInHash } from './setup-code.ts'

export interface SetupCode {
  readonly code: string
  readonly setCode: (code: string) => void
  readonly isFromLink: boolean
}

export function useSetupCode(): SetupCode {
  const navigate = useNavigate()
  const { hash } = useLocation()
  const [code, setCode] = useState('')
  const [linkCode, setLinkCode] = useState('')
  useEffect(() => {
    const found = codeInHash(hash)
    if (!found) return
    setLinkCode(found)
    setCode(found)
    // The code must not stay in the history or in a bookmark.
    void navigate({ to: '/setup', hash: '', replace: true })
  }, [hash, navigate])
  return { code, setCode, isFromLink: linkCode !== '' && linkCode === code }
}
