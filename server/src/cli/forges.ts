import type { Logger } from 'pino'
import type { FindForge, ForgeLimit } from '../forges/forge.ts'
import type { CurrentApp } from '../forges/github/app.ts'
import { createGithubForge } from '../forges/github/github-forge.ts'
import { type RequestCount, RequestCounts } from '../forges/request-counts.ts'

/** The forges that are asked and written to, with what operators want to know of them. */
export interface Forges {
  find: FindForge
  /** How much each lets us ask, those with the least left first. */
  limits(): (ForgeLimit & { forge: string })[]
  requests(): RequestCount[]
}

/** @param currentApp  the GitHub App: asked each time, since one may be set up while the service runs */
export function createForges(currentApp: CurrentApp, now: () => Date, log: Logger): Forges {
  const counts = new RequestCounts()
  const github = createGithubForge({
    app: currentApp,
    now,
    warn: (line) => log.warn({ forge: github.host }, line),
    onAnswer: (operation, status) => counts.add(operation, status),
  })
  return {
    find: (host) => (currentApp() && host === github.host ? github : undefined),
    limits: () =>
      github
        .limits()
        .map((limit) => ({ ...limit, forge: github.host }))
        .toSorted(
          (a, b) => Number(b.blockedUntil !== null) - Number(a.blockedUntil !== null) || a.remaining - b.remaining,
        ),
    requests: () => counts.list(),
  }
}
