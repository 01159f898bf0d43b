/** What a form for a new passphrase holds. */
import { useState } from 'react'
import { isLongEnough } from './new-passphrase.tsx'

export function useNewPassphrase() {
  const [value, setValue] = useState('')
  const [suggested, setSuggested] = useState<string | null>(null)
  const [isKept, setIsKept] = useState(false)
  return {
    value,
    isReady: isLongEnough(value) && isKept,
    fields: {
      value,
      onChange: setValue,
      suggested,
      onSuggest: (passphrase: string) => {
        setSuggested(passphrase)
        setValue(passphrase)
      },
      isKept,
      onKept: setIsKept,
    },
  }
}
