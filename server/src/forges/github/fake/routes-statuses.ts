import { created, invalid, paged } from './answers.ts'
import { appOf, type Call, commitFor, noCommit, type Routes, repositoryFor } from './call.ts'
import { minimalRepositoryShape, repositoryUrl } from './shapes.ts'
import { statusShape } from './shapes-of-work.ts'
import type { Repository, Status } from './things.ts'

interface StatusBody {
  state: Status['state']
  target_url?: string | null
  description?: string | null
  context?: string
}

export const STATUS_ROUTES: Routes = {
  'repos/create-commit-status': { handle: createStatus },
  'repos/list-commit-statuses-for-ref': {
    handle: async (call: Call) => {
      const found = await statusesFor(call)
      return paged(found.all, call.page, call.url, (items) => items.map((one) => statusShape(call.state, one)))
    },
  },
  'repos/get-combined-status-for-ref': {
    handle: async (call: Call) => {
      const { repository, sha, all } = await statusesFor(call)
      const newest = [...new Map(all.toReversed().map((one) => [one.context.toLowerCase(), one])).values()]
      const url = `${repositoryUrl(call.state, repository)}/commits/${sha}`
      return paged(newest, call.page, call.url, (items) => ({
        state: combine(newest),
        statuses: items.map((one) => statusShape(call.state, one)),
        sha,
        total_count: newest.length,
        repository: minimalRepositoryShape(call.state, repository),
        commit_url: url,
        url: `${url}/status`,
      }))
    },
  },
}

/** Each status that counts is the newest of its context. */
function combine(statuses: readonly Status[]): 'success' | 'failure' | 'pending' {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure'
  return statuses.length > 0 && statuses.every(({ state }) => state === 'success') ? 'success' : 'pending'
}

async function createStatus(call: Call<StatusBody>) {
  const { state, body, params, caller } = call
  const repository = repositoryFor(call, { permission: 'statuses', level: 'write' })
  const sha = String(params.sha)
  await commitFor(repository, /^[0-9a-f]{40}$/.test(sha) ? sha : '', noCommit(sha))
  const { description = null, target_url: targetUrl = null, context = 'default' } = body
  if ([...(description ?? '')].length > 140)
    throw invalid('Status', 'description', 'description is too long (maximum is 140 characters)')
  if (targetUrl && !/^https?:\/\//.test(targetUrl))
    throw invalid('Status', 'target_url', 'Target url must use http(s) scheme')
  const before = state.statuses.filter(
    (one) => one.sha === sha && one.repository === repository && one.context.toLowerCase() === context.toLowerCase(),
  )
  if (before.length >= 1000)
    throw invalid('Status', 'base', 'This SHA and context has reached the maximum number of statuses.')
  const creator = caller.kind === 'user' ? caller.user : appOf(caller).bot
  const common = { id: state.nextId(), repository, sha, context, creator, createdAt: state.now() }
  const status: Status = { ...common, state: body.state, description, targetUrl }
  state.statuses.push(status)
  return created(statusShape(state, status))
}

async function statusesFor(call: Call): Promise<{ repository: Repository; sha: string; all: Status[] }> {
  const repository = repositoryFor(call, { permission: 'statuses', level: 'read' })
  const sha = await commitFor(repository, call.params.ref, noCommit(call.params.ref))
  const all = call.state.statuses.filter((one) => one.repository === repository && one.sha === sha).toReversed()
  return { repository, sha, all }
}
