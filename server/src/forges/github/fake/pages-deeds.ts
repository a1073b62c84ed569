// What the buttons of the pages do.
import { writeComment } from './comments.ts'
import { findNamed } from './pages-repositories.ts'
import { closePull, mergePull, pushToPull, reopenPull } from './pulls.ts'
import type { PageAnswer } from './server.ts'
import { isPull } from './state.ts'
import type { Issue, User } from './things.ts'
import { leadTo, type PageRoute, type Visit } from './visit.ts'

export const DEED_PAGES: PageRoute[] = [
  { method: 'POST', pattern: /^\/([^/]+)\/([^/]+)\/(?:pull|issues)\/(\d+)\/(\w+)$/, visit: actOnIssue },
  { method: 'POST', pattern: /^\/([^/]+)\/([^/]+)\/runs\/(\d+)\/(rerun|action)$/, visit: actOnRun },
]

/** Who clicked. */
function actor({ hub, form }: Visit): User | undefined {
  return hub.state.findUser(form.get('as') ?? '')
}

async function actOnIssue(visit: Visit): Promise<PageAnswer | undefined> {
  const { hub, parts } = visit
  const repository = findNamed(hub.state, parts)
  const issue = repository && hub.state.findIssue(repository, Number(parts[2]))
  const by = actor(visit)
  if (!issue || !by || !(await act(visit, issue, by))) return undefined
  return leadTo(visit.url.pathname.replace(/\/\w+$/, ''))
}

/** Whether there is such a deed. */
async function act({ hub, parts, form }: Visit, issue: Issue, by: User): Promise<boolean> {
  const deed = parts[3]
  if (deed === 'comment') await writeComment(hub, issue, by, form.get('body') ?? '')
  else if (!isPull(issue)) return false
  else if (deed === 'push') await pushToPull(hub, issue, { by })
  else if (deed === 'merge') await mergePull(hub, issue, by)
  else if (deed === 'close') await closePull(hub, issue, by)
  else if (deed === 'reopen') await reopenPull(hub, issue, by)
  else return false
  return true
}

async function actOnRun(visit: Visit): Promise<PageAnswer | undefined> {
  const { hub, parts, form } = visit
  const run = hub.state.checkRuns.find(({ id }) => String(id) === parts[2])
  const by = actor(visit)
  if (!run || !by) return undefined
  const identifier = form.get('identifier') ?? ''
  if (parts[3] === 'rerun') await hub.events.checkRun('rerequested', run, by)
  else await hub.events.checkRun('requested_action', run, by, { requested_action: { identifier } })
  const pull = hub.state.pullsOf(run.repository).find((one) => one.pull.head.sha === run.sha)
  const at = visit.url.pathname.replace(/\/runs\/.*/, '')
  return leadTo(pull ? `${at}/pull/${pull.number}` : `${at}/runs/${run.id}`)
}
