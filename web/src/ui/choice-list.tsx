/** One of a few choices that need a sentence each. */
import { useId } from 'react'

interface Props<V extends string> {
  label: string
  value: V
  options: readonly { readonly value: V; readonly label: string; readonly hint?: string }[]
  onChoose: (value: V) => void
}

export function ChoiceList<V extends string>({ label, value, options, onChoose }: Props<V>) {
  const name = useId()
  return (
    <fieldset className="flex flex-col rounded-md border border-line">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="flex items-start gap-3 border-b border-line px-3 py-2.5 last:border-0 hover:bg-surface-2"
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span className="min-w-0">
            <span className="block font-medium">{option.label}</span>
            {option.hint ? <span className="block text-xs text-mid">{option.hint}</span> : null}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
