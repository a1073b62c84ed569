// Many pull requests with many heads, made in one git process: the fake GitHub's own way takes ten for each head.
import { execFileSync } from 'node:child_process'
import type { FakeGithub } from '../../src/forges/github/fake/fake-github.ts'
import { ENV } from '../../src/forges/github/fake/git.ts'
import { openIssue } from '../../src/forges/github/fake/pulls.ts'
import { tipOf } from '../../src/forges/github/fake/repositories.ts'
import type { PullRequest, Repository } from '../../src/forges/github/fake/things.ts'

/** A pull request and its heads, oldest first. */
export interface ManyHeads {
  pull: PullRequest
  shas: string[]
}

/** The fake's clock: GitHub tells the order of heads by whole seconds, and nobody shall wait for them. */
export interface Clock {
  aheadMs: number
  now(): Date
}

export function createClock(): Clock {
  const clock: Clock = { aheadMs: 0, now: () => new Date(Date.now() + clock.aheadMs) }
  return clock
}

/** Opens pull requests from branches of the repository and pushes to them; all that is told of them is held. */
export async function openMany(
  github: FakeGithub,
  clock: Clock,
  repository: Repository,
  wanted: { pulls: number; heads: number },
): Promise<ManyHeads[]> {
  const baseSha = await tipOf(repository)
  const { owner, defaultBranch } = repository
  const made = Array.from({ length: wanted.pulls }, () => openIssue(github.hub, repository, owner, 'A change'))
  const shas = commitAll(
    repository,
    baseSha,
    made.map(({ number }) => number),
    wanted.heads,
  )
  github.setDeliveryMode('hold')
  const opened: ManyHeads[] = []
  for (const [i, issue] of made.entries()) {
    const ownShas = shas.slice(i * wanted.heads, (i + 1) * wanted.heads)
    const pull: PullRequest = Object.assign(issue, {
      pull: {
        head: { ref: `change-${issue.number}`, sha: baseSha, owner, repository },
        base: { ref: defaultBranch, sha: baseSha },
        isDraft: false,
        mergedAt: null,
        mergedBy: null,
        merge: { state: 'unknown' as const, sha: null },
      },
    })
    for (const [n, sha] of ownShas.entries()) {
      clock.aheadMs = (n + 1 - wanted.heads) * 1000
      const before = pull.pull.head.sha
      pull.pull.head.sha = sha
      pull.updatedAt = clock.now()
      if (n === 0) await github.hub.events.pull('opened', pull, owner)
      else await github.hub.events.pull('synchronize', pull, owner, { before, after: sha })
    }
    opened.push({ pull, shas: ownShas })
  }
  clock.aheadMs = 0
  return opened
}

/** The commits of each pull request in turn, one on top of the other. */
export function commitAll({ dir }: Repository, baseSha: string, numbers: readonly number[], heads: number): string[] {
  const lines: string[] = []
  let mark = 0
  for (const number of numbers) {
    for (let head = 1; head <= heads; head += 1) {
      mark += 1
      const text = `change ${number}, head ${head}\n`
      lines.push(
        `commit refs/heads/change-${number}\nmark :${mark}\ncommitter ann <ann@example.org> 1767322800 +0000\n`,
        `data ${text.length}\n${text}from ${head === 1 ? baseSha : `:${mark - 1}`}\n`,
        `M 100644 inline NEWS\ndata ${text.length}\n${text}\nget-mark :${mark}\n`,
      )
    }
    lines.push(`reset refs/pull/${number}/head\nfrom :${mark}\n\n`)
  }
  const args = ['fast-import', '--quiet', '--force', '--done', '--cat-blob-fd=1']
  const output = execFileSync('git', args, { cwd: dir, env: ENV, input: `${lines.join('')}done\n` })
  return output.toString().trim().split('\n')
}
