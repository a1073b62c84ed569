import { ConfigError, ConflictError, ForbiddenError, NotFoundError } from '../../domain/errors.ts'
import type { CoprProject } from './answers.ts'
import type { CoprClient, ProjectName } from './client.ts'
import {
  decideChrootChanges,
  decideProjectChanges,
  expiryDays,
  isLetIn,
  newProjectSettings,
  type WantedProject,
  wantedChrootSettings,
} from './project-changes.ts'

export interface ProjectDeps {
  client: CoprClient
  now: () => Date
  /** Whose projects are our own: PACKIT_COPR_OWNER. */
  owner: string
}

const MOST_TRIES = 3
const EXTEND_AFTER_MS = 24 * 60 * 60_000

/**
 * Makes projects, or changes them as far as builds need it. What is done to one project is done in turn: a list of chroots
 * replaces the one before, whoever wrote that.
 */
export function createProjects(deps: ProjectDeps) {
  const waiting = new Map<string, Promise<unknown>>()
  /** When the life of a project was last made longer. */
  const extended = new Map<string, number>()
  const asked = new Set<string>()
  let ownName: Promise<string> | undefined

  function findOwnName(): Promise<string> {
    ownName ??= deps.client.findOwnName()
    ownName.catch(() => {
      ownName = undefined
    })
    return ownName
  }

  async function ensure(wanted: WantedProject): Promise<void> {
    const known = await deps.client.findProject(wanted)
    if (!known) return add(wanted)
    await refuseStranger(wanted, known)
    await change(wanted, known)
    await setUpChroots(wanted)
    await extend(wanted)
  }

  async function add(wanted: WantedProject): Promise<void> {
    if (wanted.owner !== deps.owner) {
      const { owner, name } = wanted
      throw new ConfigError(
        `There is no project ${owner}/${name} in Copr, and only ${owner} can make it: make it, and let ${await findOwnName()} build there.`,
      )
    }
    const project = await deps.client.addProject(wanted, newProjectSettings(wanted))
    // somebody else may have made it a moment ago, for others
    await refuseStranger(wanted, project)
    await change(wanted, project)
    await setUpChroots(wanted)
    extended.set(keyOf(wanted), deps.now().getTime())
  }

  /**
   * In a project of others we may build only if they let us. One that a configuration names has to let its repository in,
   * ours too: else it could reach the projects that are made up for others. Nor is one used as made up that a configuration of others
   * named first: what they build there would be installed with it.
   */
  async function refuseStranger(wanted: WantedProject, project: CoprProject): Promise<void> {
    const { isOurs, forgeProject } = wanted
    if (!isOurs && forgeProject !== null && !isLetIn(forgeProject, project.allowedForgeProjects)) {
      throw new ConfigError(
        `The Copr project ${wanted.owner}/${wanted.name} does not let ${forgeProject} in: an admin of it adds that to "Packit allowed forge projects" at ${pageOf(deps.client.url, wanted)}edit/.`,
      )
    }
    if (isOurs && forgeProject !== null && isOfOthers(forgeProject, project)) {
      throw new ConfigError(
        `The Copr project ${wanted.owner}/${wanted.name} is used by ${project.allowedForgeProjects.join(', ')}, not by ${forgeProject}. Name another one as \`project\`, or have the operator of this service remove it.`,
      )
    }
    if (wanted.owner === deps.owner) return
    const who = await findOwnName()
    if (await deps.client.canBuildIn(who, wanted)) return
    await askFor('builder', wanted)
    throw new ConfigError(
      `${who} may not build in the Copr project ${wanted.owner}/${wanted.name} yet. It was asked for: an admin of the project confirms it at ${pageOf(deps.client.url, wanted)}permissions/, then run the build again.`,
    )
  }

  async function change(wanted: WantedProject, known: CoprProject): Promise<void> {
    let project = known
    for (let tries = 1; ; tries++) {
      const changes = decideProjectChanges(project, wanted)
      if (Object.keys(changes).length === 0) return
      try {
        project = await deps.client.editProject(wanted, changes)
      } catch (error) {
        if (error instanceof ForbiddenError) return refuseChange(wanted, changes)
        // a chroot that still builds can't be dropped: somebody else has added it since
        if (!(error instanceof ConflictError) || tries === MOST_TRIES) throw error
        project = (await deps.client.findProject(wanted)) ?? project
      }
    }
  }

  async function refuseChange(wanted: WantedProject, changes: Record<string, unknown>): Promise<never> {
    const who = await findOwnName()
    await askFor('admin', wanted)
    const fields = Object.entries(changes).map(([name, value]) => `${name} = ${[value].flat().join(' ')}`)
    const page = pageOf(deps.client.url, wanted)
    throw new ConfigError(
      `The Copr project ${wanted.owner}/${wanted.name} is set otherwise than the package configuration says, and ${who} may not change that: ${fields.join('; ')}. Change it at ${page}edit/, or make ${who} an admin at ${page}permissions/ (it was asked for).`,
    )
  }

  /** Once for each project: whoever decides about it gets mail. */
  async function askFor(role: 'admin' | 'builder', wanted: WantedProject): Promise<void> {
    const key = `${role} ${keyOf(wanted)}`
    if (asked.has(key)) return
    asked.add(key)
    await deps.client.requestPermission(wanted, role).catch((error: unknown) => {
      // asked for already, or not possible there: what to do is said anyhow
      if (!isRefusal(error)) throw error
    })
  }

  async function setUpChroots(wanted: WantedProject): Promise<void> {
    for (const chroot of wanted.chroots) {
      const settings = wantedChrootSettings(wanted.options, chroot)
      if (Object.keys(settings).length === 0) continue
      const changes = decideChrootChanges(await deps.client.findChrootSettings(wanted, chroot), settings)
      if (Object.keys(changes).length === 0) continue
      try {
        await deps.client.editChrootSettings(wanted, chroot, changes)
      } catch (error) {
        if (error instanceof ForbiddenError) return refuseChange(wanted, changes)
        throw error
      }
    }
  }

  /** Reads don't tell when a project will be removed, so ours are given their time anew, once a day. */
  async function extend(wanted: WantedProject): Promise<void> {
    const key = keyOf(wanted)
    const now = deps.now().getTime()
    if (!wanted.isOurs || now - (extended.get(key) ?? 0) < EXTEND_AFTER_MS) return
    await deps.client.editProject(wanted, { delete_after_days: expiryDays(wanted) })
    extended.set(key, now)
  }

  return {
    /** Whether the project has lost chroots since it was seen to. */
    async lacksChroots(wanted: WantedProject): Promise<boolean> {
      const project = await deps.client.findProject(wanted)
      return project !== undefined && wanted.chroots.some((chroot) => !project.chroots.includes(chroot))
    },

    /** Sees to it that a build can be made in a project; does nothing where nothing is to be done. */
    async ensure(wanted: WantedProject): Promise<void> {
      const key = keyOf(wanted)
      const before = waiting.get(key) ?? Promise.resolve()
      const mine = before.catch(() => {}).then(() => ensure(wanted))
      waiting.set(key, mine)
      try {
        await mine
      } finally {
        if (waiting.get(key) === mine) waiting.delete(key)
      }
    },
  }
}

/** One that lets nobody in was made before repositories were named. */
function isOfOthers(forgeProject: string, { allowedForgeProjects }: CoprProject): boolean {
  return allowedForgeProjects.length > 0 && !isLetIn(forgeProject, allowedForgeProjects)
}

function keyOf({ owner, name }: ProjectName): string {
  return `${owner}/${name}`
}

/** The page of a project; groups have a path of their own. */
export function pageOf(url: string, { owner, name }: ProjectName): string {
  return `${url}/coprs/${owner.startsWith('@') ? `g/${owner.slice(1)}` : owner}/${name}/`
}

function isRefusal(error: unknown): boolean {
  return error instanceof ConfigError || error instanceof ForbiddenError || error instanceof NotFoundError
}
