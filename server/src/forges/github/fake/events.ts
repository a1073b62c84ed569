import type { Deliveries } from './deliveries.ts'
import { readCommit } from './git.ts'
import { installationShape, iso, repositoryPage, repositoryShape, userShape } from './shapes.ts'
import { commentShape } from './shapes-of-words.ts'
import { checkRunShape, issueShape, labelShape, pullShape, suiteShape } from './shapes-of-work.ts'
import { fullName, type State } from './state.ts'
import type { App, CheckRun, Comment, Installation, PullRequest, Repository, Suite, User } from './things.ts'

type Json = Record<string, unknown>

export const NO_COMMIT = '0'.repeat(40)

/** Only the App whose check it is hears of these; of the others, all that may read checks. */
const OWN_CHECK_EVENTS = ['rerequested', 'requested_action']

/** Tells Apps what happened: makes the payload and hands it to those that are installed and want the event. */
export class Events {
  readonly #state: State
  readonly #deliveries: Deliveries

  constructor(state: State, deliveries: Deliveries) {
    this.#state = state
    this.#deliveries = deliveries
  }

  async pull(action: string, pull: PullRequest, sender: User, more: Json = {}): Promise<void> {
    const payload = { action, number: pull.number, pull_request: pullShape(this.#state, pull), ...more }
    await this.ofRepository('pull_request', pull.repository, sender, payload)
  }

  async labeled(action: 'labeled' | 'unlabeled', pull: PullRequest, sender: User, label: string): Promise<void> {
    await this.pull(action, pull, sender, { label: labelShape(this.#state, pull.repository, label) })
  }

  async comment(action: 'created' | 'edited', comment: Comment, sender: User, before?: string): Promise<void> {
    const { on, repository } = comment
    const shape = commentShape(this.#state, comment)
    // GitHub tells of new comments on commits, and nothing of later changes
    if (on.kind === 'commit') {
      if (action === 'created')
        await this.ofRepository('commit_comment', repository, sender, { action, comment: shape })
      return
    }
    const changes = action === 'edited' ? { changes: { body: { from: before } } } : {}
    const payload = { action, ...changes, issue: issueShape(this.#state, on.issue), comment: shape }
    await this.ofRepository('issue_comment', repository, sender, payload)
  }

  async checkRun(action: string, run: CheckRun, sender: User, more: Json = {}): Promise<void> {
    const suite = suiteShape(this.#state, run.suite)
    const payload = { action, check_run: { ...checkRunShape(this.#state, run), check_suite: suite }, ...more }
    const only = OWN_CHECK_EVENTS.includes(action) ? run.suite.app : undefined
    await this.ofRepository('check_run', run.repository, sender, payload, only)
  }

  async checkSuite(action: string, suite: Suite, sender: User): Promise<void> {
    const payload = { action, check_suite: suiteShape(this.#state, suite) }
    await this.ofRepository('check_suite', suite.repository, sender, payload, suite.app)
  }

  async push(
    repository: Repository,
    sender: User,
    change: { ref: string; before: string; after: string },
  ): Promise<void> {
    const { ref, before, after } = change
    const head = after === NO_COMMIT ? null : await this.#pushedCommit(repository, after)
    const page = repositoryPage(this.#state, repository)
    const email = `${sender.login}@users.noreply.github.invalid`
    const owner = { name: repository.owner.login, email: null, ...userShape(this.#state, repository.owner) }
    const payload = {
      ref,
      before,
      after,
      base_ref: null,
      created: before === NO_COMMIT,
      deleted: after === NO_COMMIT,
      forced: false,
      compare: `${page}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
      commits: head && !ref.startsWith('refs/tags/') ? [head] : [],
      head_commit: head,
      pusher: { name: sender.login, email },
    }
    await this.ofRepository('push', repository, sender, payload, undefined, { owner })
  }

  /**
   * @param only   the one App that hears of it; left out: all that want to
   * @param extra  told of the repository besides
   */
  async ofRepository(
    event: string,
    repository: Repository,
    sender: User,
    payload: Json,
    only?: App,
    extra: Json = {},
  ): Promise<void> {
    const common = {
      repository: { ...repositoryShape(this.#state, repository), ...extra },
      ...(repository.owner.type === 'Organization' && {
        organization: organizationShape(this.#state, repository.owner),
      }),
      sender: userShape(this.#state, sender),
    }
    const apps = this.#state.apps.filter((app) => only === undefined || app === only)
    await Promise.all(
      apps.map(async (app) => {
        const installation = this.#state.findInstallation(app, repository)
        if (!installation || installation.suspendedAt || !wants(installation, event)) return
        const whole = { ...payload, ...common, installation: { id: installation.id, node_id: '' } }
        const ids = { installationId: installation.id, repositoryId: repository.id }
        await this.#deliveries.add({ app, event, payload: whole, ...ids })
      }),
    )
  }

  /** Of an installation itself: every App hears of its own, whatever it subscribed to. */
  async ofInstallation(event: string, installation: Installation, sender: User, payload: Json): Promise<void> {
    const whole = {
      ...payload,
      installation: installationShape(this.#state, installation),
      sender: userShape(this.#state, sender),
    }
    const { app, id } = installation
    await this.#deliveries.add({ app, event, payload: whole, installationId: id, repositoryId: null })
  }

  async ping(app: App): Promise<void> {
    const config = { content_type: 'json', url: app.hookUrl ?? '', insecure_ssl: '0', secret: '********' }
    const at = iso(app.createdAt)
    const hook = { type: 'App', id: app.id, name: 'web', active: true, events: app.events, config, app_id: app.id }
    const payload = {
      zen: 'Keep it logically awesome.',
      hook_id: app.id,
      hook: { ...hook, created_at: at, updated_at: at },
    }
    await this.#deliveries.add({ app, event: 'ping', payload, installationId: null, repositoryId: null })
  }

  async #pushedCommit(repository: Repository, sha: string): Promise<Json> {
    const { tree, message, author, committer } = await readCommit(repository.dir, sha)
    const person = ({ name, email }: { name: string; email: string }) => ({ name, email, username: name })
    return {
      id: sha,
      tree_id: tree,
      distinct: true,
      message,
      timestamp: author.date,
      url: `${repositoryPage(this.#state, repository)}/commit/${sha}`,
      author: person(author),
      committer: person(committer),
      added: [],
      removed: [],
      modified: [],
    }
  }
}

/** Who may write checks hears of them without asking for it. */
function wants({ events, permissions }: Installation, event: string): boolean {
  return events.includes(event) || (['check_run', 'check_suite'].includes(event) && permissions.checks === 'write')
}

function organizationShape(state: State, { id, login }: User): Json {
  const url = `${state.apiUrl}/orgs/${login}`
  return {
    login,
    id,
    node_id: '',
    url,
    repos_url: `${url}/repos`,
    avatar_url: `${state.url}/avatars/${id}`,
    description: null,
  }
}

/** A repository as installations name it. */
export function briefRepository({ id, name, isPrivate, ...rest }: Repository): Json {
  return { id, node_id: '', name, full_name: fullName({ id, name, isPrivate, ...rest }), private: isPrivate }
}
