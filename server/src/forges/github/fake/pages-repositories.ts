// Pages to look at: repositories, pull requests, checks.

import { readCommit } from './git.ts'
import { type Html, html } from './html.ts'
import { renderMarkdown } from './markdown.ts'
import type { PageAnswer } from './server.ts'
import { fullName, isPull, type State } from './state.ts'
import type { CheckRun, Comment, Issue, PullRequest, Repository } from './things.ts'
import { type PageRoute, showPage, type Visit } from './visit.ts'

export const REPOSITORY_PAGES: PageRoute[] = [
  { method: 'GET', pattern: /^\/$/, visit: showAll },
  { method: 'GET', pattern: /^\/([^/]+)\/([^/]+)$/, visit: showRepository },
  { method: 'GET', pattern: /^\/([^/]+)\/([^/]+)\/pulls$/, visit: showRepository },
  { method: 'GET', pattern: /^\/([^/]+)\/([^/]+)\/(?:pull|issues)\/(\d+)$/, visit: showIssue },
  { method: 'GET', pattern: /^\/([^/]+)\/([^/]+)\/runs\/(\d+)$/, visit: showRun },
  { method: 'GET', pattern: /^\/([^/]+)\/([^/]+)\/commit\/([0-9a-f]{40})$/, visit: showCommit },
]

/** The repository that an address names; former names count. */
export function findNamed(state: State, [owner = '', name = '']: readonly string[]): Repository | undefined {
  return state.findRepository(owner, name) ?? state.formerNames.get(`${owner}/${name}`.toLowerCase())
}

/** As GitHub shows them. */
const REACTIONS: Record<string, string> = { eyes: '👀', '+1': '👍', '-1': '👎', confused: '😕', rocket: '🚀' }

const word = (text: string) => html`<span class="state ${text}">${text.replaceAll('_', ' ')}</span>`
const addressOf = ({ repository, number, pull }: Issue) =>
  `/${fullName(repository)}/${pull ? 'pull' : 'issues'}/${number}`
const stateOf = ({ pull, state }: Issue) => (pull?.mergedAt ? 'merged' : state)

/** Who may be chosen to act. */
export function peopleField(state: State): Html {
  const people = state.users.filter(({ type }) => type === 'User')
  return html`<label>as <select name="as">${people.map(({ login }) => html`<option>${login}</option>`)}</select></label>`
}

function button(action: string, text: string, state: State, fields: Record<string, string> = {}): Html {
  return html`<form method="post" action="${action}">${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button>${text}</button> ${peopleField(state)}</form>`
}

function showAll({ hub }: Visit): PageAnswer {
  const all = hub.state.repositories.filter(({ isDeleted, forkOf }) => !isDeleted && !forkOf)
  const apps = hub.state.apps.map(({ slug, name }) => html`<li><a href="/apps/${slug}">${name}</a></li>`)
  const list = all.map((one) => html`<li><a href="/${fullName(one)}">${fullName(one)}</a></li>`)
  return showPage('Repositories', html`<ul class="plain">${list}</ul><h2>Apps</h2><ul class="plain">${apps}</ul>`)
}

function showRepository({ hub, parts }: Visit): PageAnswer | undefined {
  const repository = findNamed(hub.state, parts)
  if (!repository) return undefined
  const all = hub.state.issues.filter((one) => one.repository === repository).toReversed()
  const list = all.map(
    (one) => html`<li class="card">${word(stateOf(one))} <a href="${addressOf(one)}">${one.title}</a> #${one.number}
by ${one.author.login}${one.labels.map((label) => html` <code>${label}</code>`)}
${isPull(one) ? countChecks(hub.state, one) : ''}</li>`,
  )
  return showPage(
    fullName(repository),
    html`${repository.isPrivate ? html`<p>Private.</p>` : ''}<h2>Pull requests and issues</h2>
${list.length > 0 ? html`<ul>${list}</ul>` : html`<p>There are none yet.</p>`}`,
  )
}

/** The newest check of each name and App, as GitHub shows them. */
export function shownChecks(state: State, repository: Repository, sha: string): CheckRun[] {
  const all = state.checkRuns.filter((run) => run.repository === repository && run.sha === sha)
  return [...new Map(all.map((run) => [`${run.suite.app.id} ${run.name}`, run])).values()]
}

function countChecks(state: State, { repository, pull }: PullRequest): string {
  const all = shownChecks(state, repository, pull.head.sha)
  const done = all.filter(({ status }) => status === 'completed')
  return all.length === 0 ? '' : `· ${done.length} of ${all.length} checks have ended`
}

function showIssue({ hub, parts }: Visit): PageAnswer | undefined {
  const { state } = hub
  const repository = findNamed(state, parts)
  const issue = repository && state.findIssue(repository, Number(parts[2]))
  if (!issue) return undefined
  const at = addressOf(issue)
  const comments = state.comments.filter(({ on }) => on.kind === 'issue' && on.issue === issue)
  return showPage(
    `${issue.title} #${issue.number}`,
    html`<p>${word(stateOf(issue))} by ${issue.author.login} in
<a href="/${fullName(issue.repository)}">${fullName(issue.repository)}</a></p>
${issue.body ? renderMarkdown(issue.body) : ''}
${isPull(issue) ? showPull(state, issue, at) : ''}
<h2>Comments</h2><ul>${comments.map(showComment)}</ul>
<section><form method="post" action="${at}/comment" style="display:block"><p><label>Comment
<textarea name="body" required placeholder="/packit help"></textarea></label></p>
${peopleField(state)} <button>Comment</button></form></section>`,
  )
}

function showPull(state: State, pr: PullRequest, at: string): Html {
  const { head, base, mergedAt } = pr.pull
  const from = head.repository ? fullName(head.repository) : 'a repository that is gone'
  const deeds =
    pr.state === 'open'
      ? [
          button(`${at}/push`, 'Push a commit', state),
          button(`${at}/merge`, 'Merge', state),
          button(`${at}/close`, 'Close', state),
        ]
      : mergedAt
        ? []
        : [button(`${at}/reopen`, 'Reopen', state)]
  return html`<p>From <code>${from}</code>, branch <code>${head.ref}</code>, into <code>${base.ref}</code>, at commit
<a href="/${fullName(pr.repository)}/commit/${head.sha}"><code>${head.sha.slice(0, 8)}</code></a></p>
<p>${deeds}</p>
<h2>Checks</h2>${showChecks(state, pr.repository, head.sha)}`
}

function showChecks(state: State, repository: Repository, sha: string): Html {
  const runs = shownChecks(state, repository, sha)
  const statuses = state.statuses.filter((one) => one.repository === repository && one.sha === sha)
  const newest = [...new Map(statuses.map((one) => [one.context, one])).values()]
  if (runs.length + newest.length === 0) return html`<p>There are none yet.</p>`
  return html`<ul>${runs.map((run) => html`<li class="card">${showCheck(state, run)}</li>`)}
${newest.map(
  (one) => html`<li class="card">${word(one.state)} <strong>${one.context}</strong> ${one.description}
${one.targetUrl ? html`<a href="${one.targetUrl}">Details</a>` : ''}</li>`,
)}</ul>`
}

function showCheck(state: State, run: CheckRun): Html {
  const { output } = run
  const at = `/${fullName(run.repository)}/runs/${run.id}`
  return html`<p>${word(run.conclusion ?? run.status)} <a href="${at}"><strong>${run.name}</strong></a> ${output.title}
· <a href="${run.detailsUrl}">Details</a></p>
${output.summary ? html`<details><summary>Summary</summary>${renderMarkdown(output.summary)}</details>` : ''}
${output.annotations.length > 0 ? html`<ul class="plain">${output.annotations.map(showAnnotation)}</ul>` : ''}
<p>${run.status === 'completed' ? button(`${at}/rerun`, 'Re-run', state) : ''}
${run.actions.map((one) => button(`${at}/action`, `${one.label} (${one.description})`, state, { identifier: one.identifier }))}</p>`
}

function showAnnotation(one: CheckRun['output']['annotations'][number]): Html {
  return html`<li>${word(one.annotation_level)} <code>${one.path}:${one.start_line}</code> ${one.title} ${one.message}</li>`
}

function showComment({ id, author, body, reactions }: Comment): Html {
  return html`<li class="card" id="issuecomment-${id}"><strong>${author.login}</strong>
${renderMarkdown(body)}${reactions.map(({ content }) => html`<span class="reaction">${REACTIONS[content] ?? ''} ${content}</span> `)}</li>`
}

function showRun({ hub, parts }: Visit): PageAnswer | undefined {
  const run = hub.state.checkRuns.find(({ id }) => String(id) === parts[2])
  if (!run || run.repository !== findNamed(hub.state, parts)) return undefined
  return showPage(
    run.name,
    html`<p>At <a href="/${fullName(run.repository)}/commit/${run.sha}"><code>${run.sha.slice(0, 8)}</code></a></p>
<section>${showCheck(hub.state, run)}</section>${run.output.text ? html`<pre>${run.output.text}</pre>` : ''}`,
  )
}

async function showCommit({ hub, parts }: Visit): Promise<PageAnswer | undefined> {
  const repository = findNamed(hub.state, parts)
  const commit = repository && (await readCommit(repository.dir, parts[2] ?? '').catch(() => undefined))
  if (!commit) return undefined
  const comments = hub.state.comments.filter(({ on }) => on.kind === 'commit' && on.sha === commit.sha)
  return showPage(
    `Commit ${commit.sha.slice(0, 8)}`,
    html`<p>By ${commit.author.name}</p><pre>${commit.message}</pre>
<h2>Checks</h2>${showChecks(hub.state, repository, commit.sha)}<h2>Comments</h2><ul>${comments.map(showComment)}</ul>`,
  )
}
