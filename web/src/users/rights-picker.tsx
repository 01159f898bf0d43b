/** Which rights, each with what it means. */
import { type Right, right } from '@vedette/shared/user.ts'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '../ui/checkbox.tsx'

interface Props {
  label: string
  value: readonly Right[]
  onChange: (value: readonly Right[]) => void
}

export function RightsPicker({ label, value, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset>
      <legend className="text-sm font-medium">{label}</legend>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {right.options.map((one) => (
          <Checkbox
            key={one}
            label={t(`users.right.${one}`)}
            hint={t(`users.rightMeans.${one}`)}
            checked={value.includes(one)}
            // In the order of the list, however they were ticked.
            onChange={(on) => onChange(right.options.filter((other) => (other === one ? on : value.includes(other))))}
          />
        ))}
      </div>
    </fieldset>
  )
}
