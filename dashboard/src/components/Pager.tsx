import { Link } from '@tanstack/react-router'
import { Icon } from './Icon.tsx'

interface PagerProps {
  page: number
  perPage: number
  /** Rows on this page. */
  shown: number
  /** Rows in all, or null when unknown. */
  total: number | null
  /** What the rows are, for the label: "runs". */
  of: string
}

/** Where one is in a list, and the pages beside. Page numbers are part of the address. Nothing when one page is all. */
export function Pager({ page, perPage, shown, total, of }: PagerProps) {
  const first = (page - 1) * perPage + 1
  const more = total === null ? shown === perPage : first + shown - 1 < total
  if (page === 1 && !more) return null
  return (
    <nav className="pager" aria-label={`Pages of ${of}`}>
      <span className="subtle">
        {shown > 0 ? `${first}–${first + shown - 1}` : 'None'}
        {total === null ? '' : ` of ${total}`}
      </span>
      <PageLink to={page - 1} enabled={page > 1} label="Previous" />
      <PageLink to={page + 1} enabled={more} label="Next" />
    </nav>
  )
}

function PageLink({ to, enabled, label }: { to: number; enabled: boolean; label: 'Previous' | 'Next' }) {
  const icon = <Icon name="chevron-right" className={label === 'Previous' ? 'flipped' : ''} />
  const look = 'pf-v6-c-button pf-m-secondary pf-m-small'
  if (!enabled) {
    return (
      <button type="button" className={look} disabled>
        {label === 'Previous' ? icon : null} {label} {label === 'Next' ? icon : null}
      </button>
    )
  }
  return (
    <Link
      to="."
      search={(before: Record<string, unknown>) => ({ ...before, page: to === 1 ? undefined : to })}
      className={look}
    >
      {label === 'Previous' ? icon : null} {label} {label === 'Next' ? icon : null}
    </Link>
  )
}
