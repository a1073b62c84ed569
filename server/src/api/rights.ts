import type { Db } from '../db/database.ts'
import { type AccessProject, listPrivateProjects } from '../db/project-access.ts'
import { ForbiddenError, NotFoundError, UnavailableError } from '../domain/errors.ts'
import type { Person } from '../domain/session.ts'
import { ApiError } from './errors.ts'

export type Permission = 'admin' | 'write' | 'read' | 'none'

/** Asks a forge what somebody may do in a project; throws as `Forge` does. */
export type FindPermission = (project: AccessProject, login: string) => Promise<Permission>

const WRITE_MS = 60_000
const READ_MS = 10 * 60_000
/** With more private projects than these, people of a forge would cost it too many questions. */
const MOST_PRIVATE = 50
const MOST_KEPT = 5000

/** What people of a forge may do here: what they may do in the repository there. Answers are kept for a while. */
export class Rights {
  readonly #find: FindPermission
  readonly #now: () => Date
  readonly #kept = new Map<string, { permission: Permission; at: number }>()

  constructor(find: FindPermission, now: () => Date) {
    this.#find = find
    this.#now = now
  }

  /** Whether somebody may trigger, retry, cancel and approve runs of a project; known for a minute. */
  async mayWriteRuns(person: Person, project: AccessProject): Promise<boolean> {
    const permission = await this.#permissionOf(person, project, WRITE_MS)
    return permission === 'admin' || permission === 'write'
  }

  /** Whether somebody may read all that is known here: every private project there is. */
  async mayReadAll(person: Person, db: Db): Promise<boolean> {
    const projects = await listPrivateProjects(db, MOST_PRIVATE + 1)
    if (projects.length > MOST_PRIVATE) return false
    for (const project of projects) {
      if ((await this.#permissionOf(person, project, READ_MS)) === 'none') return false
    }
    return true
  }

  async #permissionOf(person: Person, project: AccessProject, keptMs: number): Promise<Permission> {
    if (person.forge !== project.forge) return 'none'
    const key = `${project.id} ${person.login}`
    const now = this.#now().getTime()
    const kept = this.#kept.get(key)
    if (kept && now - kept.at < keptMs) return kept.permission
    const permission = await this.#ask(person, project)
    // the oldest ones go first: a map keeps the order of its keys
    this.#kept.delete(key)
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '')
    this.#kept.set(key, { permission, at: now })
    return permission
  }

  async #ask({ login }: Person, project: AccessProject): Promise<Permission> {
    try {
      return await this.#find(project, login)
    } catch (error) {
      if (error instanceof NotFoundError || error instanceof ForbiddenError) return 'none'
      if (!(error instanceof UnavailableError)) throw error
      const message = `${project.forge} can't be asked what you may do: ${error.message}. Try again in a moment.`
      throw new ApiError(503, message, undefined, { 'retry-after': String(Math.ceil(error.retryAfterMs / 1000)) })
    }
  }
}
