import type { Check } from '../../api/types.ts'
import { StateLabel } from '../../components/StateLabel.tsx'
import { Time } from '../../components/Time.tsx'

/** What the forge is told, check by check: the same words as there, and whether it was told. */
export function ChecksView({ checks }: { checks: readonly Check[] }) {
  if (checks.length === 0) return null
  return (
    <section>
      <h2>Checks</h2>
      <ul className="checks">
        {checks.map((check) => (
          <li key={check.name}>
            <StateLabel state={check.state} />
            <code className="check-name">{check.name}</code>
            <span className="check-title">
              {check.title} <Told check={check} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** How far the forge has been told. Nothing where none shows checks. */
function Told({ check }: { check: Check }) {
  const { waits_for: reason, waits_until: until, shown_at: at } = check
  if (reason !== null && until !== null)
    return (
      <small className="subtle">
        waits: {reason}; tried again <Time at={until} />
      </small>
    )
  if (reason !== null) return <small className="subtle">not posted: {reason}</small>
  if (at === null) return null
  return (
    <small className="subtle">
      {check.is_status ? 'reported as a status' : 'reported'} <Time at={at} />
      {check.is_shown ? null : '; more is to come'}
    </small>
  )
}
