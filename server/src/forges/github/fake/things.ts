// What a GitHub holds, as the fake keeps it in memory.

export interface User {
  id: number
  login: string
  type: 'User' | 'Organization' | 'Bot'
}

export type Level = 'admin' | 'write' | 'read' | 'none'

export interface Repository {
  id: number
  owner: User
  name: string
  isPrivate: boolean
  defaultBranch: string
  /** Its bare git repository. */
  dir: string
  forkOf: Repository | null
  /** By login; the owner is not in it. */
  levels: Map<string, Level>
  isDeleted: boolean
  /** Of the last pull request or issue. */
  lastNumber: number
  createdAt: Date
  pushedAt: Date
}

/** A pull request, or an issue when `pull` is missing. */
export interface Issue {
  id: number
  number: number
  repository: Repository
  title: string
  body: string | null
  author: User
  state: 'open' | 'closed'
  labels: string[]
  createdAt: Date
  updatedAt: Date
  closedAt: Date | null
  pull: Pull | null
}

export interface Pull {
  /** `repository` is null once the fork is gone. */
  head: { ref: string; sha: string; owner: User; repository: Repository | null }
  base: { ref: string; sha: string }
  isDraft: boolean
  mergedAt: Date | null
  mergedBy: User | null
  /** `unknown` = being found out: the next look starts it, the one after that sees it. */
  merge: { state: 'unknown' | 'clean' | 'conflict'; sha: string | null }
}

export type PullRequest = Issue & { pull: Pull }

export interface Reaction {
  id: number
  user: User
  content: string
  createdAt: Date
}

export interface Comment {
  id: number
  repository: Repository
  on: { kind: 'issue'; issue: Issue } | { kind: 'commit'; sha: string; path: string | null; line: number | null }
  author: User
  /** The App that wrote it. */
  app: App | null
  body: string
  createdAt: Date
  updatedAt: Date
  reactions: Reaction[]
}

export interface Suite {
  id: number
  repository: Repository
  app: App
  sha: string
  createdAt: Date
}

export interface Annotation {
  path: string
  start_line: number
  end_line: number
  start_column?: number
  end_column?: number
  annotation_level: 'notice' | 'warning' | 'failure'
  message: string
  title?: string
  raw_details?: string
}

export interface CheckRun {
  id: number
  repository: Repository
  suite: Suite
  name: string
  sha: string
  externalId: string
  detailsUrl: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: string | null
  startedAt: Date
  completedAt: Date | null
  output: { title: string | null; summary: string | null; text: string | null; annotations: Annotation[] }
  actions: { label: string; description: string; identifier: string }[]
}

export interface Status {
  id: number
  repository: Repository
  sha: string
  context: string
  state: 'pending' | 'success' | 'failure' | 'error'
  description: string | null
  targetUrl: string | null
  creator: User
  createdAt: Date
}

/** What an App may do, by the name of what it is about. */
export type Permissions = Record<string, 'read' | 'write' | 'admin'>

export interface App {
  id: number
  slug: string
  name: string
  description: string
  owner: User
  bot: User
  clientId: string
  clientSecret: string
  webhookSecret: string
  /** RSA, in PEM form. */
  privateKey: string
  permissions: Permissions
  events: string[]
  isPublic: boolean
  pageUrl: string
  /** Where its deliveries go; null = nowhere. */
  hookUrl: string | null
  setupUrl: string | null
  callbackUrls: string[]
  createdAt: Date
}

export interface Installation {
  id: number
  app: App
  account: User
  /** Every repository of the account, or these. */
  repositories: 'all' | Set<Repository>
  permissions: Permissions
  events: string[]
  suspendedAt: Date | null
  isDeleted: boolean
  createdAt: Date
}

export interface Token {
  text: string
  expiresAt: Date
  holder:
    | {
        kind: 'installation'
        installation: Installation
        repositories: Set<Repository> | null
        permissions: Permissions
      }
    | { kind: 'user'; user: User; app: App }
}
