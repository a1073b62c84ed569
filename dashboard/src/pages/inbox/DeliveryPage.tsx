import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { deliveryQuery } from '../../api/inbox-queries.ts'
import { idFrom } from '../../api/queries.ts'
import { sessionQuery } from '../../api/session.ts'
import type { Delivery } from '../../api/types.ts'
import { replayDelivery } from '../../api/writes.ts'
import { Action } from '../../components/Action.tsx'
import { Breadcrumbs } from '../../components/Breadcrumbs.tsx'
import { CopyText } from '../../components/CopyText.tsx'
import { StaleNotice } from '../../components/Stale.tsx'
import { TextLog } from '../../components/TextLog.tsx'
import { Time } from '../../components/Time.tsx'
import { DeliveryMark } from './InboxPage.tsx'

/** One delivery: what was decided about it and why, what came of it, and, for those who may, its body. */
export function DeliveryPage({ id }: { id: string }) {
  const { data: delivery, error, dataUpdatedAt } = useSuspenseQuery(deliveryQuery(idFrom(id)))
  const what = [delivery.event, delivery.action].filter(Boolean).join(' ')
  return (
    <>
      <title>{`Delivery ${id}, ${what} · Packit`}</title>
      <Breadcrumbs>
        {[
          <Link key="inbox" to="/inbox" className="pf-v6-c-breadcrumb__link">
            Inbox
          </Link>,
        ]}
      </Breadcrumbs>
      <div className="run-title">
        <h1>{what}</h1>
        <DeliveryMark state={delivery.state} />
      </div>
      <p className="meta">
        <span className="fact">
          <span className="subtle">from</span> {delivery.forge}
        </span>
        <CopyText text={delivery.delivery_id} what="the id of the delivery" />
        <Time at={delivery.received_at} />
      </p>
      <StaleNotice error={error} at={dataUpdatedAt} />
      <DecisionOf delivery={delivery} />
      <Replay delivery={delivery} />
      <Payload delivery={delivery} />
    </>
  )
}

function DecisionOf({ delivery: { decision, reasons, runs, project } }: { delivery: Delivery }) {
  return (
    <section>
      <h2>{decision || 'Not decided yet'}</h2>
      {reasons.length === 0 ? null : (
        <ul>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {project ? (
        <p>
          Project <code>{project}</code>
        </p>
      ) : null}
      {runs.length === 0 ? null : (
        <p className="pills">
          {runs.map((run) => (
            <Link key={run} to="/pipeline/$id" params={{ id: String(run) }}>
              Run {run}
            </Link>
          ))}
        </p>
      )}
    </section>
  )
}

/** For those who may: has it decided once more, with what holds now. */
function Replay({ delivery: { id, state } }: { delivery: Delivery }) {
  const queries = useQueryClient()
  const { data: session } = useQuery(sessionQuery())
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () => replayDelivery(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['delivery', id] }),
  })
  if (!session?.scopes.some((scope) => scope === 'admin' || scope === 'deliveries:write')) return null
  return (
    <Action name="Decide again" onClick={() => mutate()} isOff={isPending || state === 'received'} error={error}>
      {isSuccess ? 'It is decided again: what comes of it is shown here.' : null}
    </Action>
  )
}

function Payload({ delivery: { payload, headers } }: { delivery: Delivery }) {
  if (payload === undefined) {
    return <p className="subtle">Its body and headers are shown to those who are signed in and may read deliveries.</p>
  }
  if (payload === null) return <p className="subtle">Its body has expired; what was decided is kept.</p>
  const lines = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`)
  return (
    <>
      <TextLog title="Headers" text={lines.join('\n')} />
      <TextLog title="Body" text={JSON.stringify(payload, null, 2)} />
    </>
  )
}
