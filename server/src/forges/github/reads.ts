import { NotFoundError, UnavailableError } from '../../domain/errors.ts'
import type { Fields } from '../../domain/fields.ts'
import { DeliveryError, type ForgeProject, type PullRequestEvent } from '../../domain/forge-event.ts'
import type { Forge, ForgeRepository, Permission } from '../forge.ts'
import { type Call, readAnswer } from './client.ts'
import { readProject, readPullRequest } from './pull-request.ts'
import { nameOf, type RepositoryClient } from './repositories.ts'

type Reads = Pick<
  Forge,
  'findPermission' | 'findPullRequest' | 'listOpenPullRequests' | 'findTagCommit' | 'isOnBranch' | 'findRepository'
>

/** Annotated tags may point at tags. */
const MOST_TAGS_IN_A_ROW = 5

/** What we read of a repository. */
export function createReads(repositories: RepositoryClient): Reads {
  const read = async <T>(repository: ForgeRepository, call: Call, reader: (fields: Fields) => T): Promise<T> => {
    return readAnswer((await repositories.ask(repository, call)).data, reader)
  }

  /** With the installation that was asked by: it may have been looked up. */
  const readAs = async <T>(repository: ForgeRepository, call: Call, reader: (fields: Fields, id: number) => T) => {
    return repositories.as(repository, call.operation, async (id) => {
      const { data } = await repositories.client.ask(id, {
        ...call,
        parameters: { owner: repository.namespace, repo: repository.name, ...call.parameters },
      })
      return readAnswer(data, (fields) => reader(fields, id))
    })
  }

  return {
    async findPermission(repository, login) {
      const call = {
        operation: 'findPermission',
        what: `the permission of ${login} in ${nameOf(repository)}`,
        route: 'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
        parameters: { username: login },
      }
      const word = await read(repository, call, (fields) => fields.text('permission')).catch((error: unknown) => {
        // nobody of that name, or nobody who may do anything here
        if (error instanceof NotFoundError) return 'none'
        throw error
      })
      return toPermission(word)
    },

    async findPullRequest(repository, number) {
      const call = {
        operation: 'findPullRequest',
        what: `the pull request ${number} of ${nameOf(repository)}`,
        route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}',
        parameters: { pull_number: number },
      }
      return readAs(repository, call, toPullRequest)
    },

    async *listOpenPullRequests(repository) {
      const { client } = repositories
      const id = await repositories.findInstallation(repository, 'listOpenPullRequests')
      const pages = client.pages(id, {
        operation: 'listOpenPullRequests',
        what: `the pull requests of ${nameOf(repository)}`,
        route: 'GET /repos/{owner}/{repo}/pulls',
        parameters: {
          owner: repository.namespace,
          repo: repository.name,
          state: 'open',
          sort: 'updated',
          direction: 'desc',
        },
      })
      for await (const page of pages) {
        for (const pull of readAnswer({ pulls: page }, (fields) => fields.objects('pulls'))) {
          const event = readOrSkip(
            () => toPullRequest(pull, id),
            (why) => client.warn(why),
          )
          if (event) yield event
        }
      }
    },

    async findTagCommit(repository, tag) {
      const what = `the tag ${tag} of ${nameOf(repository)}`
      const refCall = {
        operation: 'findTagCommit',
        what,
        route: 'GET /repos/{owner}/{repo}/git/ref/{ref}',
        parameters: { ref: `tags/${tag}` },
      }
      let found = await read(repository, refCall, readGitObject)
      for (let depth = 0; found.type === 'tag' && depth < MOST_TAGS_IN_A_ROW; depth++) {
        const call = {
          operation: 'findTagCommit',
          what,
          route: 'GET /repos/{owner}/{repo}/git/tags/{tag_sha}',
          parameters: { tag_sha: found.sha },
        }
        found = await read(repository, call, readGitObject)
      }
      if (found.type === 'commit') return found.sha
      throw new NotFoundError(`the tag ${tag} of ${nameOf(repository)} points at no commit`)
    },

    async isOnBranch(repository, branch, sha) {
      const call = {
        operation: 'isOnBranch',
        what: `the commit ${sha} and the branch ${branch} of ${nameOf(repository)}`,
        route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
        parameters: { basehead: `${branch}...${sha}`, per_page: 1 },
      }
      try {
        const status = await read(repository, call, (fields) => fields.text('status'))
        return status === 'behind' || status === 'identical'
      } catch (error) {
        // no such commit or branch here, or nothing in common
        if (error instanceof NotFoundError) return false
        throw error
      }
    },

    async findRepository(repository) {
      const call = {
        operation: 'findRepository',
        what: `the repository ${nameOf(repository)}`,
        route: 'GET /repos/{owner}/{repo}',
      }
      return readAs(repository, call, (fields, id): ForgeProject & { defaultBranch: string } => ({
        ...readProject(fields, id),
        defaultBranch: fields.ref('default_branch'),
      }))
    },
  }
}

function toPullRequest(pull: Fields, installationId: number): PullRequestEvent {
  return readPullRequest(pull, pull.text('state') === 'closed' ? 'closed' : 'opened', installationId)
}

/** `maintain` and `triage` are told as `write` and `read`. */
function toPermission(word: string): Permission {
  return word === 'admin' || word === 'write' || word === 'read' ? word : 'none'
}

function readGitObject(fields: Fields): { type: string; sha: string } {
  const object = fields.object('object')
  return { type: object.text('type'), sha: object.sha('sha') }
}

/** One odd entry must not hide the others of a list. */
export function readOrSkip<T>(read: () => T, warn: (why: string) => void): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DeliveryError || error instanceof UnavailableError)) throw error
    warn(`an entry of a list of GitHub is left out: ${error.message}`)
    return undefined
  }
}
