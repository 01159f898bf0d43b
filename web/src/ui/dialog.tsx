/**
 * A question or a panel over the page: `Dialog` in the middle, `Sheet` at the side (both rise from below on a phone).
 * The browser's own <dialog>: it traps focus, closes by Escape, gives focus back, and needs no injected styles.
 */
import { X } from 'lucide-react'
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { IconButton } from './button.tsx'
import { cx } from './cx.ts'
import { PortalContext } from './portal.ts'

interface Props {
  title: ReactNode
  onClose: () => void
  /** The label of the closing cross. */
  closeLabel: string
  children: ReactNode
  /** Stays in sight below the content: the buttons. */
  footer?: ReactNode
}

/** Mount it to open, unmount it to close. */
export function Dialog(props: Props) {
  return (
    <Modal {...props} place="m-auto w-[min(520px,100%)] max-h-[min(85dvh,900px)] rounded-md max-sm:rounded-b-none" />
  )
}

/** Mount it to open, unmount it to close. */
export function Sheet(props: Props) {
  return (
    <Modal
      {...props}
      place="ml-auto h-dvh w-[min(440px,100%)] max-sm:h-auto max-sm:max-h-[90dvh] max-sm:rounded-t-md"
    />
  )
}

function Modal({ title, onClose, closeLabel, children, footer, place }: Props & { place: string }) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const [element, setElement] = useState<HTMLElement | null>(null)

  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // Else the cross would be focused, and its tooltip open.
    const first = dialog?.querySelector<HTMLElement>('[data-autofocus]') ?? dialog?.querySelector('h2')
    first?.focus()
    setElement(dialog)
    return () => dialog?.close() // Before the element goes: closing gives the focus back to where it was.
  }, [])

  return createPortal(
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => {
        if (event.target === ref.current) onClose() // The backdrop: everything else is inside a child.
      }}
      className={cx(
        'max-h-none max-w-full overflow-hidden border border-line bg-surface-1 p-0 text-high backdrop:bg-black/60',
        'max-sm:mt-auto max-sm:mb-0 max-sm:w-full max-sm:max-w-full',
        place,
      )}
    >
      <PortalContext value={element}>
        <div className="flex max-h-[inherit] min-h-0 flex-col sm:h-full">
          <header className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-4">
            <h2 id={titleId} tabIndex={-1} className="min-w-0 flex-1 truncate text-base outline-none">
              {title}
            </h2>
            <IconButton label={closeLabel} onClick={onClose}>
              <X />
            </IconButton>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
          {footer ? (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3 pb-[max(12px,env(safe-area-inset-bottom))]">
              {footer}
            </footer>
          ) : null}
        </div>
      </PortalContext>
    </dialog>,
    document.body,
  )
}
