import Type, { type Static } from 'typebox'
import { instant, nullable, text, textOrNull, whole, wholeOrNull, words } from './common.ts'

const accepted = Type.Unsafe<true>({ type: 'boolean', const: true })
const url = text('Where to look at what comes of it; also in the header Location')

export const AcceptedRun = Type.Object(
  {
    accepted,
    run_id: wholeOrNull('The run that was made, or is cancelled; null when its commit is fetched and planned first'),
    event_id: wholeOrNull('The event (a pull request, branch or release at one commit)'),
    attempt: wholeOrNull('Which attempt of the event it is'),
    url,
  },
  { $id: 'AcceptedRun', description: 'A write about a run was accepted.' },
)
export type AcceptedRun = Static<typeof AcceptedRun>

export const AcceptedDelivery = Type.Object(
  { accepted, delivery_id: whole('The delivery that is decided again'), url },
  { $id: 'AcceptedDelivery', description: 'A write about a delivery was accepted.' },
)
export type AcceptedDelivery = Static<typeof AcceptedDelivery>

export const AcceptedEntry = Type.Object(
  {
    accepted,
    path: text('As the allowlist has it: github.com/acme, or one repository: github.com/acme/hello.git'),
    status: nullable(
      words(['approved_manually', 'denied'], {
        description: 'What it says now; null when there is no entry any more',
      }),
    ),
    decided_again: whole('How many open pull requests, refused until now, are decided again'),
    url,
  },
  { $id: 'AcceptedEntry', description: 'A write about the allowlist was accepted.' },
)
export type AcceptedEntry = Static<typeof AcceptedEntry>

export const AcceptedApproval = Type.Object(
  {
    accepted,
    event_id: whole('The event: a pull request at the approved commit'),
    commit: text('The commit that is approved, and no other'),
    attempt: whole('Which attempt of the event it is built in'),
    approved_before: textOrNull('Who had approved it before; null when it is approved now'),
    url,
  },
  { $id: 'AcceptedApproval', description: 'An approval was accepted.' },
)
export type AcceptedApproval = Static<typeof AcceptedApproval>

export const ChangedEntry = Type.Object(
  {
    path: Type.String({
      description: 'a forge, a namespace or account, or a repository',
      minLength: 1,
      maxLength: 500,
    }),
    status: Type.Union([Type.Literal('approved'), Type.Literal('denied'), Type.Literal('removed')], {
      description: 'approved, denied or removed',
    }),
  },
  {
    additionalProperties: false,
    description: 'an object with path and status',
    examples: [
      { path: 'github.com/acme', status: 'approved' },
      { path: 'github.com/acme/hello', status: 'denied' },
    ],
  },
)
export type ChangedEntry = Static<typeof ChangedEntry>

export const AuditEntry = Type.Object(
  {
    id: whole(),
    at: instant(),
    actor: text('token <id> (<name>), or command line'),
    action: text('E.g. run.retry'),
    subject: textOrNull('What it is about, e.g. run 7'),
    detail: nullable(Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true })),
  },
  {
    $id: 'AuditEntry',
    description: 'A write that was accepted.',
    examples: [
      {
        id: 12,
        at: 1780000500.25,
        actor: 'token 1 (ci)',
        action: 'run.retry',
        subject: 'run 7',
        detail: { run_id: 9 },
      },
    ],
  },
)
export type AuditEntry = Static<typeof AuditEntry>

/** A name of a branch or tag; git allows no control characters in it. */
const refName = (description: string) =>
  Type.Optional(Type.String({ description, minLength: 1, maxLength: 250, pattern: '^[^\\x00-\\x1f\\x7f]+$' }))

export const TriggerRun = Type.Object(
  {
    pr: Type.Optional(
      Type.Integer({ description: 'number of a pull request', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    ),
    branch: refName('name of a branch'),
    release: refName('tag of a release'),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    description: 'an object with one of pr, branch and release',
    examples: [{ pr: 7 }, { branch: 'main' }, { release: '1.2.0' }],
  },
)
export type TriggerRun = Static<typeof TriggerRun>

export const writeModels = [AcceptedRun, AcceptedDelivery, AcceptedEntry, AcceptedApproval, AuditEntry]
