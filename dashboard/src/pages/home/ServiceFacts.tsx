import type { ReactNode } from 'react'
import type { ServiceStatus } from '../../api/types.ts'
import { Notice } from '../../components/Notice.tsx'
import { StateMark } from '../../components/StateLabel.tsx'
import { Time } from '../../components/Time.tsx'
import { exactTime, formatDuration } from '../../lib/time.ts'

/** What keeps the service from working, with its own words. */
export function ServiceTroubles({ status }: { status: ServiceStatus }) {
  return (
    <>
      {status.sandbox.ok ? null : (
        <Notice kind="danger" title="No sandbox: local builds are refused" live>
          {status.sandbox.message}
        </Notice>
      )}
      {status.disk.ok ? null : (
        <Notice kind="warning" title="Little room on the disk: new builds wait" live>
          {status.disk.message}
        </Notice>
      )}
      {status.backends
        .filter(({ state }) => state !== 'closed')
        .map(({ name, title, since, reason, next_try: nextTry }) => (
          <Notice key={name} kind="warning" title={`${title} does not answer: what needs it waits`} live>
            {reason}
            <div className="subtle">
              {since === null ? null : `since ${exactTime(since)}`}
              {nextTry === null ? null : `, tried again at ${exactTime(nextTry)}`}
            </div>
          </Notice>
        ))}
    </>
  )
}

/** Where this service builds, what waits, and which version it is. */
export function ServiceFacts({ status }: { status: ServiceStatus }) {
  const { queue } = status
  return (
    <section className="panel about">
      <h2>This service</h2>
      <dl className="facts">
        <Fact name="Builds for">
          <Builders builders={status.builders} />
        </Fact>
        <Fact name="Queue">
          {queue.waiting} waiting, {queue.running} running
          {queue.waiting > 0 && queue.oldest_age_s !== null
            ? `, the oldest for ${formatDuration(queue.oldest_age_s, true)}`
            : ''}
        </Fact>
        {status.public_url_set ? null : (
          <Fact name="Reach">
            This machine only: <code>PACKIT_PUBLIC_URL</code> is not set
          </Fact>
        )}
        {status.backends.length === 0 ? null : (
          <Fact name="Answers">
            <Backends backends={status.backends} />
          </Fact>
        )}
        {status.forges.length === 0 ? null : (
          <Fact name="Forges">
            <Budgets forges={status.forges} />
          </Fact>
        )}
        <Fact name="Targets">
          as of {status.targets.as_of}
          {status.targets.refreshed ? '' : ', not read anew'}
        </Fact>
        <Fact name="Version">
          <code>{status.version}</code>
        </Fact>
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Builders({ builders }: { builders: ServiceStatus['builders'] }) {
  if (builders.length === 0) return 'nothing: no builder is set up'
  return builders.map(({ name, chroots, note }) => (
    <div key={name}>
      {chroots.map((chroot) => (
        <div key={chroot}>
          <code>{chroot}</code>
        </div>
      ))}
      {note ? <div className="subtle">{note}</div> : null}
    </div>
  ))
}

/** Whether the systems that work is handed to can be reached. */
function Backends({ backends }: { backends: ServiceStatus['backends'] }) {
  return backends.map(({ name, title, state, last_success: lastSuccess, failures }) => (
    <div key={name}>
      <StateMark state={state === 'closed' ? 'success' : 'error'} label={state === 'closed' ? 'answers' : 'away'} />{' '}
      {title}{' '}
      <span className="subtle">
        {state === 'closed' ? null : `${failures} tries without an answer; `}
        {lastSuccess === null ? (
          'has not answered yet'
        ) : (
          <>
            answered <Time at={lastSuccess} />
          </>
        )}
      </span>
    </div>
  ))
}

/** Those with the least left come first; more than a few would be a list of its own. */
const SHOWN_BUDGETS = 5

/** What forges still let the service ask, and why something waits for one. */
function Budgets({ forges }: { forges: ServiceStatus['forges'] }) {
  return (
    <>
      {forges.slice(0, SHOWN_BUDGETS).map(({ forge, whose, remaining, limit, reason }) => (
        <div key={`${forge} ${whose}`}>
          <code>{forge}</code> {whose}: {remaining.toLocaleString('en')} of {limit.toLocaleString('en')} requests left
          {reason ? <div className="subtle">{reason}</div> : null}
        </div>
      ))}
      {forges.length > SHOWN_BUDGETS ? <div className="subtle">and {forges.length - SHOWN_BUDGETS} more</div> : null}
    </>
  )
}
