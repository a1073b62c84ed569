import Type, { type Static } from 'typebox'
import {
  dictionary,
  instant,
  instantOrNull,
  nullable,
  ref,
  State,
  text,
  textOrNull,
  whole,
  wholeOrNull,
  words,
} from './common.ts'

export const Component = Type.Object({ commit: textOrNull(), version: text() }, { $id: 'Component' })
export type Component = Static<typeof Component>

export const System = dictionary(ref(Component), 'Versions by component; packit_service is this program')

export const Health = Type.Object({ status: text() }, { $id: 'Health' })

const readyCheck = Type.Object({ ok: Type.Boolean(), message: textOrNull() })
export const Readiness = Type.Object(
  { ready: Type.Boolean(), checks: dictionary(readyCheck, 'By name: database, schema, queue, …') },
  { $id: 'Readiness' },
)
export type Readiness = Static<typeof Readiness>

export const SystemStatus = Type.Object(
  {
    version: text(),
    public_url_set: Type.Boolean(),
    builders: Type.Array(Type.Object({ name: text(), chroots: Type.Array(Type.String()), note: textOrNull() })),
    backends: Type.Array(
      Type.Object({
        name: text('copr, testing-farm, or the host of a forge'),
        title: text('What people call it'),
        state: words(['closed', 'open', 'half-open'], {
          description: 'closed: it answers; open: it is left alone; half-open: it is tried',
        }),
        since: instantOrNull('When it first did not answer'),
        reason: textOrNull('Why it is left alone'),
        failures: whole('How often in a row it did not answer'),
        last_success: instantOrNull(),
        next_try: instantOrNull(),
      }),
      { description: 'The outside systems in use, and whether they answer' },
    ),
    queue: Type.Object({
      waiting: whole(),
      running: whole(),
      oldest_age_s: nullable(Type.Number({ description: 'Age of the job that waits longest, in seconds' })),
    }),
    disk: Type.Object({ ok: Type.Boolean(), message: textOrNull() }),
    sandbox: Type.Object({ ok: Type.Boolean(), message: textOrNull() }),
    processes: Type.Array(
      Type.Object({
        role: words(['serve', 'web', 'worker']),
        host: text(),
        version: text(),
        slots: whole('How many sandboxes it runs at a time'),
        started_at: instant(),
        /** When it last said that it lives. */
        seen_at: instant(),
      }),
      { description: 'The living processes of the installation, oldest first' },
    ),
    forges: Type.Array(
      Type.Object({
        forge: text('Host, e.g. github.com'),
        whose: text('Account or installation that the limit is of'),
        limit: whole('Requests an hour'),
        remaining: whole(),
        reset_at: instant(),
        blocked_until: nullable(instant()),
        reason: textOrNull('Why something waits'),
      }),
      { description: 'How much forges let us ask, those with the least left first' },
    ),
    targets: Type.Object({
      as_of: Type.String({ description: 'The day that the table of targets and aliases is of' }),
      refreshed: Type.Boolean({ description: 'Whether it is read anew each day' }),
    }),
    webhook: Type.Object({
      git: Type.Boolean({ description: 'Whether a secret for /api/webhooks/git is set' }),
      github: Type.Boolean(),
    }),
  },
  { $id: 'Status' },
)
export type SystemStatus = Static<typeof SystemStatus>

export const Delivery = Type.Object(
  {
    id: whole(),
    forge: text('The endpoint that took it: github, git, …'),
    delivery_id: text(),
    event: text(),
    action: textOrNull(),
    received_at: instant(),
    state: words(['received', 'decided', 'refused', 'failed']),
    decision: text(),
    reasons: Type.Array(Type.String()),
    project: textOrNull('forge/namespace/repo'),
    event_id: wholeOrNull(),
    runs: Type.Array(Type.Integer(), { description: 'Runs of the event' }),
    payload: Type.Optional(
      Type.Unknown({ description: 'With the scope deliveries:read: the body as it came; null when it has expired' }),
    ),
    headers: Type.Optional(
      nullable(dictionary(text(), 'With the scope deliveries:read: the headers as they came, without secrets')),
    ),
  },
  { $id: 'Delivery', description: 'What a forge told us, and what came of it.' },
)
export type Delivery = Static<typeof Delivery>

export const Change = Type.Object(
  {
    kind: words(['run', 'project', 'srpm', 'build', 'test', 'check', 'delivery', 'log']),
    run: wholeOrNull('Id of the run'),
    id: wholeOrNull('Id of the row that changed'),
    project: textOrNull('forge/namespace/repo'),
    state: Type.Optional(ref(State)),
    size: Type.Optional(whole('Of a log: its new size in bytes')),
    step: Type.Optional(words(['srpm', 'build', 'test'])),
  },
  { $id: 'Change', description: 'The data of an event named "change" in the stream.' },
)
export type Change = Static<typeof Change>

export const serviceModels = [Component, Health, Readiness, SystemStatus, Delivery, Change]
