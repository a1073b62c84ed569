import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { deliveriesQuery } from '../../api/inbox-queries.ts'
import { statusQuery } from '../../api/queries.ts'
import type { Delivery } from '../../api/types.ts'
import { List } from '../../components/list/List.tsx'
import type { Column } from '../../components/list/ListTable.tsx'
import { StateMark } from '../../components/StateLabel.tsx'
import { Time } from '../../components/Time.tsx'
import { DELIVERY_STATES, type DeliveryState } from '../../lib/delivery.ts'
import type { ListSearch } from '../../lib/list-search.ts'
import { ServiceFacts, ServiceTroubles } from '../home/ServiceFacts.tsx'

const STATUSES = Object.entries(DELIVERY_STATES).map(([value, { label }]) => ({ value, label }))

const COLUMNS: readonly Column<Delivery>[] = [
  {
    name: 'State',
    kind: 'state',
    width: '7.25rem',
    cell: ({ state }) => <DeliveryMark state={state} />,
  },
  {
    name: 'Delivery',
    kind: 'main',
    cell: ({ id, forge, event, action }) => (
      <Link to="/inbox/$id" params={{ id: String(id) }} className="name strong">
        {forge} {[event, action].filter(Boolean).join(' ')}
      </Link>
    ),
  },
  { name: 'Project', kind: 'fact', width: '18rem', cell: ({ project }) => (project ? <code>{project}</code> : null) },
  {
    name: 'Decision',
    kind: 'fact',
    width: '22rem',
    cell: ({ decision, reasons }) => (
      <>
        {decision}
        {reasons[0] ? <span className="row-title subtle">{reasons[0]}</span> : null}
      </>
    ),
  },
  { name: 'Received', kind: 'time', width: '8.5rem', cell: ({ received_at: at }) => <Time at={at} /> },
]

/** For operators: what forges told of and what was decided about it, what waits, and what keeps the service from working. */
export function InboxPage({ search }: { search: ListSearch }) {
  const { data: status } = useSuspenseQuery(statusQuery())
  return (
    <>
      <title>Inbox · Packit</title>
      <h1>Inbox</h1>
      <ServiceTroubles status={status} />
      <ServiceFacts status={status} />
      <List
        of={['delivery', 'deliveries']}
        search={search}
        answer={useSuspenseQuery(deliveriesQuery(search))}
        columns={COLUMNS}
        idOf={({ id }) => id}
        filters={['project', 'status', 'since', 'until']}
        statuses={STATUSES}
        empty={<p>What a forge tells by its webhook stands here, with what was decided about it.</p>}
      />
    </>
  )
}

/** What became of a delivery, as an icon and a word. */
export function DeliveryMark({ state }: { state: DeliveryState }) {
  const { label, state: look } = DELIVERY_STATES[state]
  return (
    <span className="delivery-state">
      <StateMark state={look} label={label} /> {label}
    </span>
  )
}
