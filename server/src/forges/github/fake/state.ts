import type {
  App,
  CheckRun,
  Comment,
  Installation,
  Issue,
  Level,
  PullRequest,
  Repository,
  Status,
  Suite,
  Token,
  User,
} from './things.ts'

/** Everything that the fake GitHub remembers. */
export class State {
  readonly now: () => Date
  /** Of the web pages, without a slash at the end; known once the server listens. */
  url = ''
  /** How clone addresses are told. */
  readonly cloneUrls: 'http' | 'file'
  readonly users: User[] = []
  readonly repositories: Repository[] = []
  readonly issues: Issue[] = []
  readonly comments: Comment[] = []
  readonly suites: Suite[] = []
  readonly checkRuns: CheckRun[] = []
  readonly statuses: Status[] = []
  readonly apps: App[] = []
  readonly installations: Installation[] = []
  readonly tokens = new Map<string, Token>()
  /** Former `owner/name`, in lower case, of repositories that were renamed or transferred. */
  readonly formerNames = new Map<string, Repository>()
  #lastId = 1000

  constructor(now: () => Date, cloneUrls: 'http' | 'file') {
    this.now = now
    this.cloneUrls = cloneUrls
  }

  get apiUrl(): string {
    return `${this.url}/api/v3`
  }

  nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  findUser(login: string): User | undefined {
    return this.users.find((user) => user.login.toLowerCase() === login.toLowerCase())
  }

  findRepository(owner: string, name: string): Repository | undefined {
    const wanted = `${owner}/${name}`.toLowerCase()
    return this.repositories.find((one) => !one.isDeleted && fullName(one).toLowerCase() === wanted)
  }

  findIssue(repository: Repository, number: number): Issue | undefined {
    return this.issues.find((issue) => issue.repository === repository && issue.number === number)
  }

  pullsOf(repository: Repository): PullRequest[] {
    return this.issues.filter((issue) => issue.repository === repository).filter(isPull)
  }

  /** The installation of an App through which it sees a repository. */
  findInstallation(app: App, repository: Repository): Installation | undefined {
    return this.installations.find(
      (one) => one.app === app && !one.isDeleted && this.repositoriesOf(one).includes(repository),
    )
  }

  repositoriesOf({ account, repositories }: Installation): Repository[] {
    const own = this.repositories.filter((one) => one.owner === account && !one.isDeleted)
    return repositories === 'all' ? own : own.filter((one) => repositories.has(one))
  }

  /** What a person may do with a repository. */
  levelOf(repository: Repository, user: User): Level {
    if (repository.owner === user) return 'admin'
    return repository.levels.get(user.login.toLowerCase()) ?? (repository.isPrivate ? 'none' : 'read')
  }
}

export function isPull(issue: Issue): issue is PullRequest {
  return issue.pull !== null
}

export function fullName({ owner, name }: Repository): string {
  return `${owner.login}/${name}`
}
