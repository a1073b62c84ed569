import { created, invalid, notFound, ok, paged, Refusal } from './answers.ts'
import { appOf, type Call, commitFor, noCommit, type Routes, repositoryFor } from './call.ts'
import { checkRunShape, suiteShape } from './shapes-of-work.ts'
import type { Annotation, App, CheckRun, Repository, Suite } from './things.ts'

interface CheckBody {
  name?: string
  head_sha?: string
  details_url?: string
  external_id?: string
  status?: CheckRun['status']
  started_at?: string
  conclusion?: string
  completed_at?: string
  output?: { title?: string; summary: string; text?: string; annotations?: Annotation[] }
  actions?: CheckRun['actions']
}

export const CHECK_ROUTES: Routes = {
  'checks/create': { handle: createCheckRun },
  'checks/update': { handle: updateCheckRun },
  'checks/get': { handle: (call) => ok(checkRunShape(call.state, findRun(call, 'read'))) },
  'checks/list-annotations': {
    handle: (call: Call) => {
      const { output } = findRun(call, 'read')
      const shape = (one: Annotation) => ({
        start_column: null,
        end_column: null,
        title: null,
        raw_details: null,
        blob_href: '',
        ...one,
      })
      return paged(output.annotations, call.page, call.url, (items) => items.map(shape))
    },
  },
  'checks/list-for-ref': { handle: listForRef },
  'checks/list-for-suite': {
    handle: (call: Call) => {
      const repository = repositoryFor(call, { permission: 'checks', level: 'read' })
      const suite = call.state.suites.find(({ id }) => id === call.params.check_suite_id)
      if (suite?.repository !== repository) throw notFound()
      return listRuns(call, (run) => run.suite === suite)
    },
  },
  'checks/list-suites-for-ref': {
    handle: async (call: Call) => {
      const repository = repositoryFor(call, { permission: 'checks', level: 'read' })
      const sha = await commitFor(repository, call.params.ref, noCommit(call.params.ref))
      const { app_id } = call.query
      const found = call.state.suites.filter(
        (suite) =>
          suite.repository === repository &&
          suite.sha === sha &&
          (app_id === undefined || String(suite.app.id) === String(app_id)),
      )
      return paged(found, call.page, call.url, (items) => ({
        total_count: found.length,
        check_suites: items.map((suite) => suiteShape(call.state, suite)),
      }))
    },
  },
}

async function createCheckRun(call: Call<CheckBody>) {
  const { state, body, events } = call
  const repository = repositoryFor(call, { permission: 'checks', level: 'write' })
  const app = appOf(call.caller)
  const sha = String(body.head_sha)
  if (!/^[0-9a-f]{40}$/.test(sha)) throw noCommit(sha)
  await commitFor(repository, sha, noCommit(sha))
  checkBody(body)
  const run: CheckRun = {
    id: state.nextId(),
    repository,
    suite: findSuite(call, repository, app, sha),
    name: String(body.name),
    sha,
    externalId: '',
    detailsUrl: app.pageUrl,
    status: 'queued',
    conclusion: null,
    startedAt: state.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null, annotations: [] },
    actions: [],
  }
  write(run, body, state.now())
  state.checkRuns.push(run)
  // GitHub tells the App of its own checks too; nobody waits for that
  void events.checkRun('created', run, app.bot)
  if (run.status === 'completed') void events.checkRun('completed', run, app.bot)
  return created(checkRunShape(state, run))
}

function updateCheckRun(call: Call<CheckBody>) {
  const { state, body, events } = call
  const run = findRun(call, 'write')
  if (run.suite.app !== appOf(call.caller)) throw notItsApp(appOf(call.caller))
  checkBody(body)
  const wasDone = run.status === 'completed'
  write(run, body, state.now())
  if (run.status === 'completed' && !wasDone) void events.checkRun('completed', run, run.suite.app.bot)
  return ok(checkRunShape(state, run))
}

const notItsApp = ({ id }: App) =>
  new Refusal(403, `Invalid app_id \`${id}\` - check run can only be modified by the GitHub App that created it.`)

/** What the description does not tell. */
function checkBody({ status, conclusion, completed_at, details_url, output, name }: CheckBody): void {
  const fail = (field: string, message: string) => invalid('CheckRun', field, message)
  if (name === '') throw fail('name', 'name is required')
  if ((status === 'completed' || completed_at) && !conclusion) throw fail('conclusion', 'conclusion is required')
  if (conclusion && status && status !== 'completed')
    throw fail('conclusion', `conclusion can not be given with status ${status}`)
  if (conclusion === 'stale') throw fail('conclusion', 'only GitHub itself can set stale')
  if (details_url !== undefined && !/^https?:\/\/\S+$/.test(details_url))
    throw fail('details_url', 'details_url must use http or https scheme')
  if (output && !output.title) throw fail('title', 'title is required')
  for (const one of output?.annotations ?? []) checkAnnotation(one, fail)
}

function checkAnnotation(one: Annotation, fail: (field: string, message: string) => Error): void {
  if (one.start_line < 1 || one.end_line < one.start_line) throw fail('annotations', 'end_line is before start_line')
  if (one.start_line !== one.end_line && (one.start_column ?? one.end_column) !== undefined)
    throw fail('annotations', 'columns are for annotations of one line only')
  if (one.path === '') throw fail('annotations', 'path is required')
  if ((one.title?.length ?? 0) > 255) throw fail('annotations', 'title is too long (maximum is 255 characters)')
  for (const text of [one.message, one.raw_details ?? ''])
    if (Buffer.byteLength(text) > 64 * 1024) throw fail('annotations', 'message or raw_details exceeds 64 KB')
}

function write(run: CheckRun, body: CheckBody, now: Date): void {
  if (body.name !== undefined) run.name = body.name
  if (body.external_id !== undefined) run.externalId = body.external_id
  if (body.details_url !== undefined) run.detailsUrl = body.details_url
  if (body.started_at !== undefined) run.startedAt = new Date(body.started_at)
  if (body.actions !== undefined) run.actions = body.actions
  if (body.status !== undefined) run.status = body.status
  if (body.conclusion !== undefined) run.status = 'completed'
  if (run.status === 'completed') {
    run.conclusion = body.conclusion ?? run.conclusion
    run.completedAt = body.completed_at ? new Date(body.completed_at) : (run.completedAt ?? now)
  } else {
    run.conclusion = null
    run.completedAt = null
  }
  if (!body.output) return
  const { title, summary, text, annotations = [] } = body.output
  // annotations of a later request are added to those of the former ones
  run.output = {
    title: title ?? run.output.title,
    summary,
    text: text ?? null,
    annotations: [...run.output.annotations, ...annotations],
  }
}

function findSuite({ state }: Call, repository: Repository, app: App, sha: string): Suite {
  const known = state.suites.find((one) => one.repository === repository && one.app === app && one.sha === sha)
  if (known) return known
  const suite = { id: state.nextId(), repository, app, sha, createdAt: state.now() }
  state.suites.push(suite)
  return suite
}

function findRun(call: Call, level: 'read' | 'write'): CheckRun {
  const repository = repositoryFor(call, { permission: 'checks', level })
  const run = call.state.checkRuns.find(({ id }) => id === call.params.check_run_id)
  if (run?.repository !== repository) throw notFound()
  return run
}

async function listForRef(call: Call) {
  const repository = repositoryFor(call, { permission: 'checks', level: 'read' })
  const sha = await commitFor(repository, call.params.ref, noCommit(call.params.ref))
  return listRuns(call, (run) => run.repository === repository && run.sha === sha)
}

function listRuns(call: Call, isMeant: (run: CheckRun) => boolean) {
  const { check_name, status, app_id, filter = 'latest' } = call.query
  const matching = call.state.checkRuns.filter(
    (run) =>
      isMeant(run) &&
      (check_name === undefined || run.name === check_name) &&
      (status === undefined || run.status === status) &&
      (app_id === undefined || String(run.suite.app.id) === String(app_id)),
  )
  const newest = new Map(matching.map((run) => [`${run.suite.id} ${run.name}`, run]))
  const found = (filter === 'all' ? matching : [...newest.values()]).toReversed()
  return paged(found, call.page, call.url, (items) => ({
    total_count: found.length,
    check_runs: items.map((run) => checkRunShape(call.state, run)),
  }))
}
