import type { Check } from '../../api/types.ts'
import { StateLabel } from '../../components/StateLabel.tsx'

/** What the forge is told, check by check: the same words as there. */
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
            <span className="check-title">{check.title}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
