import type { SearchHits } from '../../db/read-search.ts'
import { pagePaths } from '../links.ts'
import type { SearchHit, SearchResult } from '../models/search.ts'
import { toState } from './status.ts'

const MATCHES = ['exact', 'prefix', 'part'] as const
type Found = SearchHits[keyof SearchHits][number]

export function toSearchResult({ projects, pullRequests, commits, packages }: SearchHits): SearchResult {
  return {
    projects: projects.map((hit) => ({
      ...toHit(hit, { label: toPath(hit), detail: hit.forge }),
      active_at: hit.lastActivityAt,
    })),
    pull_requests: pullRequests.map((hit) => ({
      ...toHit(hit, {
        label: `${toPath(hit)}#${hit.number}`,
        detail: [hit.title, hit.author && `(${hit.author})`].filter(Boolean).join(' ') || null,
      }),
      pr_id: hit.number,
    })),
    commits: commits.map((hit) => ({
      ...toHit(hit, { label: hit.commit.slice(0, 12), detail: [toTrigger(hit), hit.title].filter(Boolean).join(': ') }),
      pr_id: hit.kind === 'pull_request' ? hit.number : null,
      commit: hit.commit,
    })),
    packages: packages.map((hit) => ({
      ...toHit(hit, { label: hit.name, detail: [hit.nvr, toPath(hit)].filter(Boolean).join(' in ') }),
      package: hit.name,
      srpm_build_id: hit.srpmBuildId,
    })),
  }
}

function toHit(hit: Found, { label, detail }: Pick<SearchHit, 'label' | 'detail'>): SearchHit {
  const runId = 'runId' in hit ? hit.runId : null
  const state = 'state' in hit && runId !== null ? toState({ state: hit.state, status: null }) : null
  return {
    label,
    detail,
    page: runId === null ? pagePaths.project(hit) : pagePaths.run(runId),
    match: MATCHES[hit.match] ?? 'part',
    project: `${hit.forge}/${toPath(hit)}`,
    pr_id: null,
    commit: null,
    package: null,
    srpm_build_id: null,
    run_id: runId,
    state,
    active_at: 'at' in hit ? hit.at : null,
  }
}

const toPath = ({ namespace, repo }: Pick<Found, 'namespace' | 'repo'>) => `${namespace}/${repo}`

function toTrigger(hit: SearchHits['commits'][number]): string {
  if (hit.number !== null) return `${toPath(hit)}#${hit.number}`
  return hit.name === null ? toPath(hit) : `${toPath(hit)} ${hit.name}`
}
