import { Link } from '@tanstack/react-router'
import type { ComparedStep } from '../../api/compare-queries.ts'
import { Icon } from '../../components/Icon.tsx'
import { StateLabel } from '../../components/StateLabel.tsx'
import { CHANGES, slowerPercent } from '../../lib/changes.ts'
import { formatDuration } from '../../lib/time.ts'

const NAMES = { srpm: 'SRPM', build: 'Build', test: 'Tests' }

/** Step by step what became of it; on a phone each step is a card. */
export function CompareTable({ steps }: { steps: readonly ComparedStep[] }) {
  return (
    <table className="pf-v6-c-table pf-m-compact compare-table">
      <caption className="sr-only">Steps of both runs</caption>
      <thead className="pf-v6-c-table__thead">
        <tr className="pf-v6-c-table__tr">
          {['Step', 'Change', 'Earlier', 'Later', 'Packages'].map((name) => (
            <th key={name} scope="col" className="pf-v6-c-table__th">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="pf-v6-c-table__tbody">
        {steps.map((step) => (
          <Row key={`${step.kind} ${step.target} ${step.identifier}`} step={step} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ step }: { step: ComparedStep }) {
  const { word, icon, color } = CHANGES[step.change]
  const cell = 'pf-v6-c-table__td'
  return (
    <tr className="pf-v6-c-table__tr">
      <th scope="row" className={`${cell} compare-step`}>
        {step.target === null ? NAMES[step.kind] : <code>{step.target}</code>}
        {step.kind === 'test' && step.target !== null ? ' tests' : null}
        {step.identifier ? <span className="subtle"> {step.identifier}</span> : null}
      </th>
      <td className={cell} data-label="Change">
        <span className={`mark mark-${color} change`}>
          <Icon name={icon} /> {word}
        </span>
      </td>
      <td className={cell} data-label="Earlier">
        <Side side={step.a} />
      </td>
      <td className={cell} data-label="Later">
        <Side side={step.b} percent={slowerPercent(step.a?.duration_s ?? null, step.b?.duration_s ?? null)} />
      </td>
      <td className={cell} data-label="Packages">
        <Packages packages={step.packages} />
      </td>
    </tr>
  )
}

function Side({ side, percent = null }: { side: ComparedStep['a']; percent?: number | null }) {
  if (side === null) return <span className="subtle">not there</span>
  const label = <StateLabel state={side.state} />
  return (
    <span className="compare-side">
      {side.page === null ? (
        label
      ) : (
        <Link to={side.page} className="state-link">
          {label}
        </Link>
      )}
      {side.duration_s === null ? null : (
        <span className="duration">
          {formatDuration(side.duration_s)}
          {percent === null ? null : (
            <span className="subtle"> ({percent > 0 ? `${percent} % longer` : `${-percent} % shorter`})</span>
          )}
        </span>
      )}
    </span>
  )
}

/** Versions that differ; how many stayed as they were. */
function Packages({ packages }: { packages: ComparedStep['packages'] }) {
  const changed = packages.filter(({ change }) => change !== 'same')
  const same = packages.length - changed.length
  if (packages.length === 0) return <span className="subtle">none</span>
  return (
    <ul className="plain">
      {changed.map((built) => (
        <li key={`${built.name} ${built.arch}`}>
          <code>{built.name}</code> {versions(built)}
        </li>
      ))}
      {same > 0 ? (
        <li className="subtle">
          {same} {same === 1 ? 'package' : 'packages'} of the same version
        </li>
      ) : null}
    </ul>
  )
}

function versions({ a, b }: ComparedStep['packages'][number]) {
  if (a === null) return <>new: {<code>{b}</code>}</>
  if (b === null) return <>gone: {<code>{a}</code>}</>
  return (
    <>
      <code>{a}</code> → <code>{b}</code>
    </>
  )
}
