/** Puts a text into the clipboard and says so for a moment. */
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'

interface Props {
  text: string
  label: string
  doneLabel: string
}

export function CopyButton({ text, label, doneLabel }: Props) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 3000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <Button
      onClick={() =>
        navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => setCopied(false), // The browser refused; the text stays selectable.
        )
      }
    >
      {copied ? <Check /> : <Copy />}
      <span role="status">{copied ? doneLabel : label}</span>
    </Button>
  )
}
