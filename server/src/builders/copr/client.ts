import { ConflictError, NotFoundError, UnavailableError } from '../../domain/errors.ts'
import type { BuiltPackage } from '../builder.ts'
import * as read from './answers.ts'
import { oddAnswer } from './errors.ts'
import { type Ask, type CoprAccess, type CoprRequest, createAsk } from './http.ts'

export interface ProjectName {
  /** An account, or `@group`. */
  owner: string
  name: string
}

/** What a build is asked for with. */
export interface BuildRequest extends ProjectName {
  chroots: readonly string[]
  /** More options of Copr, under its names. */
  options: Record<string, unknown>
  srpm: { name: string; data: Blob }
}

/** A build whose sources Copr makes itself, by a script of ours. */
export interface CustomRequest extends Omit<BuildRequest, 'srpm'> {
  /** At most 4096 characters. */
  script: string
  /** Where it runs, and what is installed there before. */
  chroot: string
  packages: readonly string[]
  /** The folder in which it leaves spec file and sources. */
  resultDir: string
}

/**
 * Copr's API, as far as it is used here. Errors are those of `domain/errors.ts`: `UnavailableError` when it is away,
 * `SetupError` when it does not accept the token, `ForbiddenError`, `ConfigError` when it refuses what was asked for.
 */
export function createCoprClient(access: CoprAccess) {
  const ask = createAsk(access)
  const understand = <T>(value: unknown, parse: (value: unknown) => T): T => {
    try {
      return parse(value)
    } catch (error) {
      throw oddAnswer(access.url, `an answer that can't be read (${(error as Error).message})`)
    }
  }
  const get = async <T>(request: CoprRequest, parse: (value: unknown) => T) => understand(await ask(request), parse)
  const find = <T>(request: CoprRequest, parse: (value: unknown) => T) => orNothing(get(request, parse))

  return {
    ...projectCalls(ask, get, find),
    url: access.url,

    listMockChroots: (): Promise<string[]> =>
      get({ path: '/mock-chroots/list', what: 'for its chroots' }, read.readMockChroots),

    /** The name of our own account. */
    findOwnName: (): Promise<string> => get({ path: '/auth-check', what: 'who we are' }, read.readUserName),

    createBuild: ({ owner, name, chroots, options, srpm }: BuildRequest): Promise<read.CoprBuild> => {
      const form = new FormData()
      const fields = { ownername: owner, projectname: name, chroots, ...options }
      // without a file name it would count as a field, and no list fits into those
      form.append('json', new Blob([JSON.stringify(fields)], { type: 'application/json' }), 'json')
      form.append('pkgs', srpm.data, srpm.name)
      const what = `to build in ${owner}/${name}`
      return get({ method: 'POST', path: '/build/create/upload', form, what }, read.readBuild)
    },

    createCustomBuild: (request: CustomRequest): Promise<read.CoprBuild> => {
      const { owner, name, chroots, options, script, chroot, packages, resultDir } = request
      const source = { script, chroot, builddeps: packages.join(' '), resultdir: resultDir }
      const json = { ownername: owner, projectname: name, chroots, ...source, ...options }
      const what = `to build in ${owner}/${name}`
      return get({ method: 'POST', path: '/build/create/custom', json, what }, read.readBuild)
    },

    findBuild: (id: string): Promise<read.CoprBuild | undefined> =>
      find({ path: `/build/${id}`, what: `about build ${id}` }, read.readBuild),

    /** The newest builds of a project, `limit` of them from `offset` on. */
    listBuilds: ({ owner, name }: ProjectName, limit: number, offset: number): Promise<read.CoprBuild[]> => {
      const page = { limit: String(limit), offset: String(offset), order: 'id', order_type: 'DESC' }
      const query = { ownername: owner, projectname: name, ...page }
      const what = `about the builds of ${owner}/${name}`
      return get({ path: '/build/list', query, what }, (value) => read.readItems(value, read.readBuild))
    },

    /** What a build was made of, as far as it was ours to say. */
    findSource: (id: number): Promise<read.CoprHandedIn | undefined> =>
      find({ path: `/build/source-build-config/${id}`, what: `about build ${id}` }, read.readHandedIn),

    /** How the source build stands, and where its results are; `undefined` while Copr can't say. */
    findSourceChroot: async (id: string): Promise<read.CoprSource | undefined> => {
      const what = `about the sources of build ${id}`
      try {
        return await find({ path: `/build/source-chroot/${id}`, what }, read.readSource)
      } catch (error) {
        // it stumbles over builds whose sources have not begun
        if (error instanceof UnavailableError) return undefined
        throw error
      }
    },

    listChroots: (id: string): Promise<read.CoprChroot[] | undefined> =>
      find({ path: '/build-chroot/list', query: { build_id: id }, what: `about build ${id}` }, (value) =>
        read.readItems(value, read.readChroot),
      ),

    listPackages: async (id: string, chroot: string): Promise<BuiltPackage[]> => {
      const query = { build_id: id, chrootname: chroot }
      const what = `about the packages of build ${id}`
      return (await find({ path: '/build-chroot/built-packages', query, what }, read.readPackages)) ?? []
    },

    /** One that has ended, or is gone, stays as it is. */
    cancelBuild: async (id: string): Promise<void> => {
      try {
        await orNothing(ask({ method: 'PUT', path: `/build/cancel/${id}`, what: `to cancel build ${id}` }))
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error
      }
    },
  }
}

export type CoprClient = ReturnType<typeof createCoprClient>
type Get = <T>(request: CoprRequest, parse: (value: unknown) => T) => Promise<T>
type Find = <T>(request: CoprRequest, parse: (value: unknown) => T) => Promise<T | undefined>

function projectCalls(ask: Ask, get: Get, find: Find) {
  const queryOf = ({ owner, name }: ProjectName) => ({ ownername: owner, projectname: name })
  const pathOf = ({ owner, name }: ProjectName) => `${encodeOwner(owner)}/${encodeURIComponent(name)}`
  return {
    findProject: (of: ProjectName): Promise<read.CoprProject | undefined> =>
      find({ path: '/project/', query: queryOf(of), what: `about ${of.owner}/${of.name}` }, read.readProject),

    /** The project with these settings; one that is there already is given back as it is. */
    addProject: (of: ProjectName, settings: object): Promise<read.CoprProject> =>
      get(
        {
          method: 'POST',
          path: `/project/add/${encodeOwner(of.owner)}`,
          // the only spelling that counts
          query: { exist_ok: 'True' },
          json: { name: of.name, ...settings },
          what: `to make the project ${of.owner}/${of.name}`,
        },
        read.readProject,
      ),

    editProject: (of: ProjectName, changes: object): Promise<read.CoprProject> =>
      get(
        {
          method: 'PUT',
          path: `/project/edit/${pathOf(of)}`,
          json: changes,
          what: `to change the project ${of.owner}/${of.name}`,
        },
        read.readProject,
      ),

    findChrootSettings: (of: ProjectName, chroot: string): Promise<read.CoprChrootSettings> =>
      get(
        {
          path: '/project-chroot/',
          query: { ...queryOf(of), chrootname: chroot },
          what: `about ${chroot} of ${of.owner}/${of.name}`,
        },
        read.readChrootSettings,
      ),

    editChrootSettings: (of: ProjectName, chroot: string, changes: object): Promise<unknown> =>
      ask({
        method: 'PUT',
        path: `/project-chroot/edit/${pathOf(of)}/${encodeURIComponent(chroot)}`,
        json: changes,
        what: `to change ${chroot} of ${of.owner}/${of.name}`,
      }),

    canBuildIn: (who: string, of: ProjectName): Promise<boolean> =>
      get(
        {
          path: `/project/permissions/can_build_in/${encodeURIComponent(who)}/${pathOf(of)}`,
          what: `whether ${who} may build in ${of.owner}/${of.name}`,
        },
        (value) => read.readFlag(value, 'can_build_in'),
      ),

    /** Its admins get mail. */
    requestPermission: (of: ProjectName, role: 'admin' | 'builder'): Promise<unknown> =>
      ask({
        method: 'PUT',
        path: `/project/permissions/request/${pathOf(of)}`,
        json: { [role]: true },
        what: `to be made ${role} of ${of.owner}/${of.name}`,
      }),
  }
}

/** The `@` of a group stays readable in addresses. */
function encodeOwner(owner: string): string {
  return encodeURIComponent(owner).replace('%40', '@')
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof NotFoundError) return undefined
    throw error
  }
}
