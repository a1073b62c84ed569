import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'

interface ConfirmProps {
  title: string
  /** What the button says that does it. */
  action: string
  /** What the button says that leaves everything as it is. */
  refusal: string
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}

/**
 * Asks before something that can't be taken back. The browser's own dialog: it keeps the focus inside, Escape leaves it, and
 * the focus returns to where it was.
 */
export function ConfirmDialog({ title, action, refusal, onConfirm, onClose, children }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    // before it is taken out of the page: only then does the focus return
    return () => element?.close()
  }, [])
  return (
    <dialog ref={dialog} className="confirm" aria-labelledby={heading} onCancel={onClose}>
      <h2 id={heading}>{title}</h2>
      <p>{children}</p>
      <p className="confirm-buttons">
        <button type="button" className="pf-v6-c-button pf-m-secondary" onClick={onClose}>
          {refusal}
        </button>
        <button type="button" className="pf-v6-c-button pf-m-danger" onClick={onConfirm}>
          {action}
        </button>
      </p>
    </dialog>
  )
}
