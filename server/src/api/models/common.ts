import Type, { type Static, type TSchema } from 'typebox'
import { type State as DomainState, STATES } from '../../domain/status.ts'
import { TEST_WAITS } from '../../domain/test-queue.ts'
import { TEST_RESULTS } from '../../domain/test-result.ts'

/** A reference to a named model that keeps its static type, which `Type.Ref` does not. */
export function ref<T extends TSchema>(model: T) {
  return Type.Unsafe<Static<T>>({ $ref: `${(model as { $id?: string }).$id}#` })
}

/** The same or null; for a plain type written as `type: [t, 'null']`, which makes the cleaner document. */
export function nullable<T extends TSchema>(schema: T) {
  const { type, enum: values, ...rest } = schema as { type?: string; enum?: unknown[] }
  const written = type
    ? { ...rest, type: [type, 'null'], ...(values ? { enum: [...values, null] } : {}) }
    : { anyOf: [schema, { type: 'null' }] }
  return Type.Unsafe<Static<T> | null>(written)
}

/** An object from names to values of one type. */
export function dictionary<T extends TSchema>(values: T, description: string) {
  return Type.Unsafe<Record<string, Static<T>>>({ type: 'object', additionalProperties: values, description })
}

/** One of a fixed set of words. */
export function words<const T extends readonly string[]>(values: T, options: Record<string, unknown> = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options })
}

export const text = (description?: string) => Type.String(description ? { description } : {})
export const textOrNull = (description?: string) => nullable(text(description))
export const whole = (description?: string) => Type.Integer(description ? { description } : {})
export const wholeOrNull = (description?: string) => nullable(whole(description))
/** Times of the contract: whole seconds since 1970, UTC. */
export const epochOrNull = (description?: string) => nullable(whole(description ?? 'Seconds since 1970 (UTC)'))
/** Times beside the contract: with a fraction, so that durations under a second are right. */
export const instantOrNull = (description?: string) =>
  nullable(Type.Number({ description: description ?? 'Seconds since 1970 (UTC), with fraction' }))
export const instant = () => Type.Number({ description: 'Seconds since 1970 (UTC), with fraction' })

export const State = Type.Unsafe<DomainState>({
  $id: 'State',
  type: 'string',
  enum: [...STATES],
  description: 'How a step stands: the same seven words for every kind of step.',
})

/** Any refusal or failure: the keys of RFC 9457 and, beside them, those that older clients read. */
export const Problem = Type.Object(
  {
    type: text('Address of a description of this kind of problem, or about:blank'),
    title: text(),
    status: whole('The HTTP status code'),
    detail: text(),
    error: Type.Optional(text('The same as detail, where something was not found')),
    message: Type.Optional(text()),
    errors: Type.Optional(dictionary(text(), 'What is wrong, by parameter')),
  },
  { $id: 'Problem', description: 'Why there is no answer.' },
)
export type Problem = Static<typeof Problem>

/** What set a job off, inside another object: the keys are all there, or none when it is not known any more. */
export const triggerKeys = {
  repo_namespace: Type.Optional(textOrNull()),
  repo_name: Type.Optional(textOrNull()),
  project_url: Type.Optional(textOrNull()),
  anitya_project_id: Type.Optional(wholeOrNull('Id of the project at release-monitoring.org')),
  anitya_project_name: Type.Optional(textOrNull()),
  anitya_package: Type.Optional(textOrNull()),
  non_git_upstream: Type.Optional(Type.Boolean()),
  pr_id: Type.Optional(wholeOrNull('Set for a pull request')),
  issue_id: Type.Optional(wholeOrNull('Set for an issue')),
  branch_name: Type.Optional(textOrNull('Set for a push, and for a Koji tag (its target)')),
  release: Type.Optional(textOrNull('Set for a release: its tag')),
  anitya_version: Type.Optional(textOrNull('Set for a version of an Anitya project; several are joined by ";"')),
}

export const Trigger = Type.Object(triggerKeys, {
  $id: 'Trigger',
  description:
    'What set a job off: at most one of pr_id, issue_id, branch_name, release and anitya_version is set. Empty when it is not known any more.',
})
export type Trigger = Static<typeof Trigger>

export const BuiltPackage = Type.Object(
  { name: text(), epoch: whole(), version: text(), release: text(), arch: text() },
  { $id: 'BuiltPackage' },
)

export const LogLine = Type.Object({ number: whole('From 1'), text: text() }, { $id: 'LogLine' })

export const Cause = Type.Object(
  {
    step: words(['decision', 'srpm', 'build', 'test']),
    id: wholeOrNull('Id of the SRPM build or the build'),
    target: textOrNull('The chroot'),
    kind: text('What kind of failure it is, e.g. compiler, check, missing-build-requires'),
    section: textOrNull('The failed part of the step, e.g. %check'),
    summary: text('One sentence'),
    line: wholeOrNull('Number of the main line in the log, from 1'),
    lines: Type.Array(ref(LogLine), { description: 'The two to ten lines that say why' }),
    page: textOrNull('Path of the page of the step'),
  },
  { $id: 'Cause', description: 'Why a step did not succeed.' },
)
export type Cause = Static<typeof Cause>

export const TestCase = Type.Object(
  {
    suite: text('The plan it belongs to'),
    name: text('Not unique'),
    result: words(TEST_RESULTS),
    seconds: Type.Union([Type.Number(), Type.Null()], { description: 'How long it took' }),
    message: textOrNull('What it said, or the end of it'),
    place: nullable(Type.Object({ path: text(), line: wholeOrNull('From 1') })),
    logs: Type.Array(Type.Object({ name: text(), url: text() })),
  },
  { $id: 'TestCase', description: 'What one test said, or what was found somewhere.' },
)
export type TestCase = Static<typeof TestCase>

export const TestCounts = Type.Object(
  {
    total: whole('Of what ran or should have; remarks are not counted'),
    failed: whole(),
    first: Type.Array(ref(TestCase), { description: 'The first of what failed, with messages cut' }),
  },
  { $id: 'TestCounts', description: 'The results of tests on one target, in short.' },
)

export const TestQueue = Type.Object(
  {
    waits_for: words(TEST_WAITS, { description: 'The packages, a turn on this machine, a test runner elsewhere' }),
    position: wholeOrNull('From 1; null where nobody tells it: before their build has ended, and at Testing Farm'),
    expected_start: instantOrNull('By how long such steps took lately; null where nothing is known or it has passed'),
    expected_end: instantOrNull(),
  },
  { $id: 'TestQueue', description: 'What tests wait for, and how long.' },
)
export type TestQueue = Static<typeof TestQueue>

export const commonModels = [State, Problem, Trigger, BuiltPackage, LogLine, Cause, TestCase, TestCounts, TestQueue]
