/** A value on a line; the browser's own control, in the app's colour. */
import type { ComponentProps } from 'react'

interface Props extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'> {
  value: number
  onValue: (value: number) => void
}

export function Slider({ value, onValue, ...rest }: Props) {
  return (
    <input
      type="range"
      className="h-control w-full min-w-0 accent-accent"
      value={value}
      onChange={(event) => onValue(event.target.valueAsNumber)}
      {...rest}
    />
  )
}
