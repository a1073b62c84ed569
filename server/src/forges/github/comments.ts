import type { Fields } from '../../domain/fields.ts'
import type { CommentPlace, Forge, ForgeRepository } from '../forge.ts'
import { type Answer, type Client, linkParameters, readAnswer } from './client.ts'
import { nameOf, type RepositoryClient } from './repositories.ts'
import { cutComment } from './texts.ts'

type Comments = Pick<Forge, 'addComment' | 'findComment' | 'acknowledge'>

/** The newest comments of a place, in which one of ours is looked for: five pages of a hundred, and the first. */
const PAGES_FROM_THE_END = 5

/** Comments on pull requests, issues and commits. */
export function createComments(repositories: RepositoryClient): Comments {
  const names = createNames(repositories.client)

  const list = (repository: ForgeRepository, place: CommentPlace, page: number): Promise<Answer> => {
    const { route, parameters } = placeOf(place)
    return repositories.ask(repository, {
      operation: 'findComment',
      what: whatOf(repository, place),
      route: `GET ${route}`,
      parameters: { ...parameters, per_page: 100, page },
    })
  }

  return {
    async addComment(repository, place, body) {
      const { route, parameters } = placeOf(place)
      const { data } = await repositories.ask(repository, {
        operation: 'addComment',
        what: whatOf(repository, place),
        route: `POST ${route}`,
        parameters: { ...parameters, body: cutComment(body) },
        kind: 'content',
      })
      return readAnswer(data, (fields) => String(fields.integer('id')))
    },

    async findComment(repository, place, text) {
      const ours = await names.find()
      const first = await list(repository, place, 1)
      const last = Number(linkParameters(first.headers.link, 'last')?.page ?? 1)
      for (let page = last; page > Math.max(1, last - PAGES_FROM_THE_END); page--) {
        const found = findOurs((await list(repository, place, page)).data, ours, text)
        if (found) return found
      }
      return findOurs(first.data, ours, text)
    },

    async acknowledge(repository, place, commentId) {
      const comments = place.on === 'commit' ? '' : '/issues'
      await repositories.ask(repository, {
        operation: 'acknowledge',
        what: `the comment ${commentId} on ${whatOf(repository, place)}`,
        // GitHub keeps one reaction of a kind from each: a repeat is answered with the one that is there
        route: `POST /repos/{owner}/{repo}${comments}/comments/{comment_id}/reactions`,
        parameters: { comment_id: commentId, content: 'eyes' },
        isRepeatable: true,
      })
    },
  }
}

interface Ours {
  appId: number
  login: string
}

/** Under which name the App writes; asked once where the settings don't tell. */
function createNames(client: Client) {
  let known: Ours | undefined
  return {
    async find(): Promise<Ours> {
      const { appId, slug } = client.app
      if (slug !== null) return { appId, login: `${slug}[bot]` }
      if (known?.appId === appId) return known
      const { data } = await client.ask('app', { operation: 'findComment:app', what: 'the App', route: 'GET /app' })
      known = { appId, login: `${readAnswer(data, (fields) => fields.text('slug'))}[bot]` }
      return known
    },
  }
}

/** The newest comment of a page that the App wrote and that holds a text. */
function findOurs(page: unknown, ours: Ours, text: string): string | undefined {
  const comments = readAnswer({ comments: page }, (fields) => fields.objects('comments').map(readComment))
  const found = comments.findLast(
    ({ appId, login, body }) => (appId === ours.appId || login === ours.login) && body.includes(text),
  )
  return found?.id
}

/** Only comments on issues tell the App; those on commits have its name alone. */
function readComment(comment: Fields) {
  const app = comment.has('performed_via_github_app') ? comment.object('performed_via_github_app') : undefined
  return {
    id: String(comment.integer('id')),
    appId: app?.integer('id'),
    login: comment.has('user') ? comment.object('user').text('login') : undefined,
    body: comment.optionalText('body', Number.MAX_SAFE_INTEGER) ?? '',
  }
}

function placeOf(place: CommentPlace): { route: string; parameters: Record<string, unknown> } {
  return place.on === 'commit'
    ? { route: '/repos/{owner}/{repo}/commits/{commit_sha}/comments', parameters: { commit_sha: place.sha } }
    : { route: '/repos/{owner}/{repo}/issues/{issue_number}/comments', parameters: { issue_number: place.number } }
}

function whatOf(repository: ForgeRepository, place: CommentPlace): string {
  const words = { pull_request: 'pull request', issue: 'issue', commit: 'commit' }
  return `the ${words[place.on]} ${place.on === 'commit' ? place.sha : place.number} of ${nameOf(repository)}`
}
