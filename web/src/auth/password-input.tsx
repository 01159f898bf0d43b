/** A password with a button that shows it. */
import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/button.tsx'
import { Input } from '../ui/field.tsx'

export function PasswordInput(props: ComponentProps<'input'>) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  return (
    <div className="relative">
      <Input
        {...props}
        type={shown ? 'text' : 'password'}
        className="pr-[calc(var(--control)+4px)]"
        autoCapitalize="off"
      />
      <IconButton
        label={t(shown ? 'auth.password.hide' : 'auth.password.show')}
        className="absolute top-0 right-0"
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOff /> : <Eye />}
      </IconButton>
    </div>
  )
}
