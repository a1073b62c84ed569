import { Notice } from './Notice.tsx'

interface ActionProps {
  name: string
  onClick: () => void
  /** It was asked for: once is enough. */
  isOff: boolean
  error: Error | null
  children: string | null
}

/** A button for a write, what came of it, and the service's words where it refused. */
export function Action({ name, onClick, isOff, error, children }: ActionProps) {
  return (
    <>
      <p className="actions">
        <button type="button" className="pf-v6-c-button pf-m-secondary" disabled={isOff} onClick={onClick}>
          {name}
        </button>
        <span role="status">{children}</span>
      </p>
      {error ? <Notice kind="danger" title={error.message} live /> : null}
    </>
  )
}
