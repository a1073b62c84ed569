/** Addresses that answers contain. */
export interface Links {
  /** How others reach the service, prefix included, without a slash at the end. */
  readonly base: string
  /** Whether that is the configured public address; otherwise only this machine can use it. */
  readonly isPublic: boolean
}

/** Path of a page, relative to the service's base. */
export const pagePaths = {
  srpm: (id: number) => `/jobs/srpm/${id}`,
  build: (id: number) => `/jobs/copr/${id}`,
  test: (id: number) => `/jobs/testing-farm/${id}`,
  run: (id: number) => `/pipeline/${id}`,
  project: ({ forge, namespace, repo }: { forge: string; namespace: string; repo: string }) =>
    `/projects/${[forge, ...namespace.split('/'), repo].map(encodeURIComponent).join('/')}`,
}

/** Path of a log in this API. */
export const logPaths = {
  srpm: (id: number) => `/api/srpm-builds/${id}/log`,
  build: (id: number) => `/api/copr-builds/${id}/log`,
  test: (id: number) => `/api/testing-farm/${id}/log`,
}

const COMMIT_PATHS: [RegExp, string][] = [
  [/^github\.com$/, '/commit/'],
  [/^(codeberg\.org|forgejo\.|gitea\.)/, '/commit/'],
  [/^gitlab\./, '/-/commit/'],
  [/^(src\.fedoraproject\.org|pagure\.io)$/, '/c/'],
]

/** The page of a commit on its forge; null for a forge whose addresses aren't known. */
export function commitUrl(forge: string, projectUrl: string, sha: string): string | null {
  const path = COMMIT_PATHS.find(([host]) => host.test(forge))?.[1]
  if (!path || !/^https?:\/\//.test(projectUrl)) return null
  return projectUrl.replace(/(\.git)?\/?$/, path) + sha
}
