import type { Project, Run, SearchHit, SearchResult } from '../src/api/types.ts'
import { NOW } from './fixtures.ts'

/** Projects by part of their name, pull requests by number, name, title or address: as much of the real one as pages need. */
export function searchIn(projects: readonly Project[], runs: readonly Run[], q: string): SearchResult {
  const text = q.toLowerCase().replace(/^https?:\/\/[^/]+\/(.+)\/pull\/(\d+).*$/, '$1#$2')
  const nothing = text === ''
  return {
    projects: projects
      .filter((each) => !nothing && projectName(each).includes(text))
      .slice(0, 5)
      .map(projectHit),
    pull_requests: runs
      .filter((run) => !nothing && wordsOf(run).includes(text))
      .slice(0, 5)
      .map(pullHit),
    commits: [],
    packages: [],
  }
}

const projectName = ({ namespace, repo_name }: Project) => `${namespace}/${repo_name}`
const wordsOf = (run: Run) => `${nameOf(run)} ${run.title}`.toLowerCase()

const NO_HIT = { pr_id: null, commit: null, package: null, srpm_build_id: null, run_id: null, state: null }

function nameOf({ trigger }: Run): string {
  return `${trigger?.repo_namespace}/${trigger?.repo_name}#${trigger?.pr_id}`
}

function projectHit({ forge, namespace, repo_name, last_activity_at }: Project): SearchHit {
  const name = `${namespace}/${repo_name}`
  const hit = { ...NO_HIT, match: 'part' as const, active_at: last_activity_at }
  return { ...hit, label: name, detail: forge, page: `/projects/${forge}/${name}`, project: `${forge}/${name}` }
}

function pullHit(run: Run): SearchHit {
  const { merged_run_id: id, title, state, trigger } = run
  const hit = { ...NO_HIT, match: 'part' as const, active_at: NOW, project: 'github.com/acme/hello', state }
  return {
    ...hit,
    label: nameOf(run),
    detail: title,
    page: `/pipeline/${id}`,
    pr_id: trigger?.pr_id ?? null,
    run_id: id,
  }
}
