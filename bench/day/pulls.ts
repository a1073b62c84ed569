// The pull requests of the day on the fake GitHub: their commits are made before it begins, since that takes git's time.
import type { FakeGithub } from '../../server/src/forges/github/fake/fake-github.ts'
import { openIssue } from '../../server/src/forges/github/fake/pulls.ts'
import { tipOf } from '../../server/src/forges/github/fake/repositories.ts'
import type { PullRequest, Repository } from '../../server/src/forges/github/fake/things.ts'
import { commitAll } from '../../server/test/github/many-heads.ts'
import { CHROOTS, TESTED } from './schedule.ts'

const FILES = {
  '.packit.yaml': [
    'specfile_path: hello.spec',
    'jobs:',
    `- {job: copr_build, trigger: pull_request, targets: [${CHROOTS.join(', ')}]}`,
    `- {job: tests, trigger: pull_request, targets: [${TESTED.join(', ')}], fmf_url: 'https://example.org/plans'}`,
    '',
  ].join('\n'),
  'hello.spec': 'Name: hello\nVersion: 1.0\nRelease: 1\nSummary: A greeting\nLicense: MIT\n%description\nA greeting.\n',
}

/** A project whose pull requests can be opened at once, one after the other. */
export interface Project {
  repository: Repository
  baseSha: string
  /** Heads of the pull requests to come, the next one first. */
  heads: string[]
}

/** Makes a project with the App, and a commit for each of its pull requests. */
export async function makeProject(github: FakeGithub, index: number, pulls: number): Promise<Project> {
  const repository = await github.createRepository({ owner: `group-${index + 1}`, name: 'hello', files: FILES })
  await github.install(repository)
  const baseSha = await tipOf(repository)
  const numbers = Array.from({ length: pulls }, (_, i) => i + 1)
  const heads = pulls > 0 ? commitAll(repository, baseSha, numbers, 1) : []
  return { repository, baseSha, heads }
}

/** Opens the next pull request of a project and tells of it; resolves when that was answered, or got lost. */
export async function openNext(github: FakeGithub, { repository, baseSha, heads }: Project): Promise<PullRequest> {
  const { owner, defaultBranch } = repository
  const sha = heads.shift()
  if (!sha) throw new Error(`there are no more heads for ${owner.login}`)
  const issue = openIssue(github.hub, repository, owner, 'A change')
  const pull: PullRequest = Object.assign(issue, {
    pull: {
      head: { ref: `change-${issue.number}`, sha, owner, repository },
      base: { ref: defaultBranch, sha: baseSha },
      isDraft: false,
      mergedAt: null,
      mergedBy: null,
      merge: { state: 'unknown' as const, sha: null },
    },
  })
  await github.hub.events.pull('opened', pull, owner)
  return pull
}
