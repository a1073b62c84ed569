import { openAsBlob } from 'node:fs'
import type { BuildOptions } from '../../domain/build-options.ts'
import { ConfigError, ForbiddenError, UnavailableError } from '../../domain/errors.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Builder, SrpmToBuild, StartedBuild } from '../builder.ts'
import type { CoprBuild } from './answers.ts'
import { createChrootList } from './chroots.ts'
import { createCoprClient } from './client.ts'
import type { CoprAccess } from './http.ts'
import { createLiveLogs } from './live-logs.ts'
import { createProjects, pageOf } from './project.ts'
import type { WantedProject } from './project-changes.ts'
import { findStarted, plantName } from './reconcile.ts'
import { findTargets } from './targets.ts'

export interface CoprBuilderOptions extends CoprAccess {
  /** Whose the projects are: the account of the token, or a `@group` of it. */
  owner: string
  storage: Storage
  /** How long Copr keeps the projects that are made up, in days. */
  keepDays: number
  /** Longer logs lose their middle. */
  mostLogBytes: number
  /** Chroots that are known while Copr is away. */
  knownChroots?: () => Promise<readonly string[]>
  /** Told why the log of a chroot that runs can't be copied now. */
  onError?: (error: unknown) => void
}

/** Copr as a builder, which tells of changes only what it is told of them. */
export interface CoprBuilder extends Builder {
  /** Something was heard of a build: who listens to changes is told. */
  tell(buildId: string): void
}

const LONGEST_TIMEOUT_SECONDS = 108_000

/**
 * Builds in Copr: one build for all chroots, from our SRPM, in a project that is made if need be. Copr publishes what it has
 * built; logs are copied into storage as `builds/copr/<id>/<chroot>/build.log`.
 */
export function createCoprBuilder(options: CoprBuilderOptions): CoprBuilder {
  const { storage, now = () => new Date() } = options
  const client = createCoprClient(options)
  const projects = createProjects({ client, now, owner: options.owner })
  const findChroots = createChrootList(client, now, options.knownChroots)
  const listeners = new Set<(buildId: string) => void>()
  /** Submissions on their way, by our id: a second one waits for the first. */
  const starting = new Map<number, Promise<StartedBuild>>()

  async function start(build: SrpmToBuild): Promise<StartedBuild> {
    const wanted = await wantedProject(build)
    const planted = {
      ...{ owner: wanted.owner, name: wanted.name, chroots: wanted.chroots },
      file: plantName(nvrOf(build.srpm), build.id),
      since: build.wantedSince ?? new Date(0),
    }
    try {
      await projects.ensure(wanted)
      const found = (await findStarted(client, planted)) ?? (await submit(build, wanted, planted.file))
      return toStarted(found)
    } catch (error) {
      throw explainForbidden(error, wanted)
    }
  }

  async function submit(build: SrpmToBuild, wanted: WantedProject, file: string): Promise<CoprBuild> {
    const data = await openAsBlob(await storage.localPath(build.srpm))
    const { owner, name, chroots } = wanted
    const request = { owner, name, chroots, srpm: { name: file, data }, options: toBuildFields(wanted) }
    try {
      return await client.createBuild(request)
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error
      // the answer may have been lost on its way: then the build is there
      const since = build.wantedSince ?? new Date(0)
      const started = await findStarted(client, { owner, name, chroots, file, since }).catch(() => undefined)
      if (!started) throw error
      return started
    }
  }

  async function wantedProject(build: SrpmToBuild): Promise<WantedProject> {
    const available = new Set(await findChroots())
    const chroots = build.chroots.filter((chroot) => available.has(chroot))
    if (chroots.length === 0) throw new ConfigError(`Copr builds for none of ${build.chroots.join(', ')}.`)
    const said = build.options ?? DEFAULTS
    return {
      owner: said.owner ?? options.owner,
      name: said.project ?? toProjectName(build.project),
      isOurs: said.project === null && (said.owner === null || said.owner === options.owner),
      chroots,
      forgeProject: build.forgeProject ?? null,
      options: said,
      keepDays: options.keepDays,
    }
  }

  function toStarted({ id, owner, project }: CoprBuild): StartedBuild {
    return { buildId: String(id), place: { owner, project, webUrl: `${options.url}/coprs/build/${id}/` } }
  }

  return {
    name: 'copr',
    isRemote: true,
    findChroots,
    async startBuild(build) {
      const known = starting.get(build.id)
      if (known) return known
      const mine = start(build).finally(() => starting.delete(build.id))
      starting.set(build.id, mine)
      return mine
    },
    findTargets: (buildId, open) =>
      findTargets(buildId, open, { client, storage, now, mostBytes: options.mostLogBytes }),
    cancelBuild: (buildId) => client.cancelBuild(buildId),
    liveLogs: createLiveLogs({
      ...{ storage, now, mostBytes: options.mostLogBytes },
      ...(options.onError ? { onError: options.onError } : {}),
    }),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell(buildId) {
      for (const listener of listeners) listener(buildId)
    },
  }

  /** What a project of the packager's choice refuses, its admins can mend; what one of ours refuses, the operator. */
  function explainForbidden(error: unknown, wanted: WantedProject): unknown {
    if (!(error instanceof ForbiddenError) || wanted.isOurs) return error
    return new ConfigError(`${error.message} See ${pageOf(options.url, wanted)}permissions/.`, { cause: error })
  }
}

const DEFAULTS: BuildOptions = {
  ...{ owner: null, project: null, timeoutSeconds: null, enableNet: false, bootstrap: 'default' },
  ...{ moduleHotfixes: false, listOnHomepage: false, preserveProject: false, followFedoraBranching: true },
  ...{ additionalRepos: [], additionalPackages: [], chroots: {} },
}

/** Options of one build: they hold for it alone, whatever the project is set to. */
function toBuildFields({ options, forgeProject }: WantedProject): Record<string, unknown> {
  const { timeoutSeconds, enableNet, bootstrap } = options
  return {
    ...(timeoutSeconds === null ? {} : { timeout: Math.min(Math.max(1, timeoutSeconds), LONGEST_TIMEOUT_SECONDS) }),
    ...(enableNet ? { enable_net: true } : {}),
    ...(bootstrap === 'default' ? {} : { bootstrap }),
    ...(forgeProject === null ? {} : { packit_forge_project: forgeProject }),
  }
}

/** Names of ours that are taken have a `~`, which Copr does not know. */
function toProjectName(name: string): string {
  return name.replaceAll('~', '.')
}

function nvrOf(srpm: string): string {
  return (srpm.split('/').at(-1) ?? srpm).replace(/\.src\.rpm$/, '')
}
