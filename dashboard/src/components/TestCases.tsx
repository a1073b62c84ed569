import type { TestCase } from '../api/types.ts'
import { stripAnsi } from '../lib/ansi.ts'
import { placeText, RESULT_LOOKS } from '../lib/test-results.ts'
import { formatDuration } from '../lib/time.ts'
import { Icon } from './Icon.tsx'
import { WebLink } from './WebLink.tsx'

interface TestCasesProps {
  cases: readonly TestCase[]
  /** For those who don't see the heading above it. */
  label: string
}

/** Tests, each with its result, how long it took, and what it said. */
export function TestCases({ cases, label }: TestCasesProps) {
  return (
    <ul className="test-cases plain" aria-label={label}>
      {cases.map((one, index) => (
        // names are not unique, and the order of an answer stays
        // biome-ignore lint/suspicious/noArrayIndexKey: there is no other key
        <li key={index} className="test-case">
          <OneCase one={one} />
        </li>
      ))}
    </ul>
  )
}

function OneCase({ one }: { one: TestCase }) {
  const { name, suite, seconds, message, place, logs } = one
  return (
    <>
      <span className="test-result">
        <ResultLabel result={one.result} />
      </span>
      <span className="test-name">
        <code>{name}</code>
        {suite && suite !== name ? <span className="subtle"> {suite}</span> : null}
        {place ? (
          <span className="test-place">
            {' '}
            <code>{placeText(place)}</code>
          </span>
        ) : null}
      </span>
      <span className="test-took subtle">{seconds === null ? null : formatDuration(seconds)}</span>
      {message ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be scrolled by keys
        <pre className="test-message" tabIndex={0}>
          {message.split('\n').map(stripAnsi).join('\n')}
        </pre>
      ) : null}
      {logs.length > 0 ? (
        <span className="test-logs pills">
          {logs.map(({ name: log, url }) => (
            <WebLink key={`${log} ${url}`} href={url}>
              {log}
            </WebLink>
          ))}
        </span>
      ) : null}
    </>
  )
}

function ResultLabel({ result }: { result: TestCase['result'] }) {
  const { word, icon, color } = RESULT_LOOKS[result]
  return (
    <span className={`pf-v6-c-label state ${color}`}>
      <span className="pf-v6-c-label__content">
        <span className="pf-v6-c-label__icon">
          <Icon name={icon} />
        </span>
        <span className="pf-v6-c-label__text">{word}</span>
      </span>
    </span>
  )
}
