import { openAsBlob } from 'node:fs'
import { ConfigError, ForbiddenError, UnavailableError } from '../../domain/errors.ts'
import { toSourceTask } from '../../domain/srpm/source-task.ts'
import { PACKAGER } from '../../domain/srpm/step.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Builder, SourcesToBuild, SrpmToBuild, StartedBuild, ToBuild } from '../builder.ts'
import type { CoprBuild } from './answers.ts'
import { createChrootList } from './chroots.ts'
import { type BuildRequest, createCoprClient } from './client.ts'
import type { CoprAccess } from './http.ts'
import { createLiveLogs } from './live-logs.ts'
import { createProjects, pageOf } from './project.ts'
import type { WantedProject } from './project-changes.ts'
import { findStarted, type Mark, plantName } from './reconcile.ts'
import { findSources } from './sources/find-sources.ts'
import { renderProgram } from './sources/program.ts'
import { markLine, plantMark, RESULT_DIR, renderScript, SCRIPT_CHROOT, scriptPackages } from './sources/script.ts'
import { findTargets } from './targets.ts'
import { toBuildFields, wantedProject } from './wanted.ts'

export interface CoprBuilderOptions extends CoprAccess {
  /** Whose the projects are: the account of the token, or a `@group` of it. */
  owner: string
  storage: Storage
  /** How long Copr keeps the projects that are made up, in days. */
  keepDays: number
  /** Longer logs lose their middle. */
  mostLogBytes: number
  /** Of an SRPM that Copr makes; default 4 GiB. */
  mostSrpmBytes?: number
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

/** A build that is asked for. */
interface Submission {
  /** What Copr tells again of this build, and of no other. */
  mark: Mark
  create(request: Omit<BuildRequest, 'srpm'>): Promise<CoprBuild>
}

/**
 * Builds in Copr: one build for all chroots, from our SRPM or from sources that Copr makes by a program of ours, in a project
 * that is made if need be. Copr publishes what it has built; logs are copied into storage as `builds/copr/<id>/<chroot>/build.log`.
 */
export function createCoprBuilder(options: CoprBuilderOptions): CoprBuilder {
  const { storage, now = () => new Date() } = options
  const client = createCoprClient(options)
  const projects = createProjects({ client, now, owner: options.owner })
  const findChroots = createChrootList(client, now, options.knownChroots)
  const listeners = new Set<(buildId: string) => void>()
  /** Submissions on their way, by kind and our id: a second one waits for the first. */
  const starting = new Map<string, Promise<StartedBuild>>()

  function startOnce(kind: string, build: ToBuild, prepare: () => Promise<Submission>): Promise<StartedBuild> {
    const key = `${kind}-${build.id}`
    const known = starting.get(key)
    if (known) return known
    const mine = start(build, prepare).finally(() => starting.delete(key))
    starting.set(key, mine)
    return mine
  }

  async function start(build: ToBuild, prepare: () => Promise<Submission>): Promise<StartedBuild> {
    const wanted = wantedProject(build, { ...options, chroots: await findChroots() })
    const submission = await prepare()
    const { owner, name, chroots } = wanted
    const planted = { owner, name, chroots, mark: submission.mark, since: build.wantedSince ?? new Date(0) }
    try {
      await projects.ensure(wanted)
      const found = await findStarted(client, planted)
      if (found) return toStarted(found)
      const request = { owner, name, chroots, options: toBuildFields(wanted) }
      const ask = () => submit(submission, request, planted)
      return toStarted(
        await ask().catch(async (error: unknown) => {
          // another process may have replaced the list of chroots between our change and this
          if (!(error instanceof ConfigError) || !(await projects.lacksChroots(wanted))) throw error
          await projects.ensure(wanted)
          return ask()
        }),
      )
    } catch (error) {
      throw explainForbidden(error, wanted)
    }
  }

  async function submit(
    submission: Submission,
    request: Omit<BuildRequest, 'srpm'>,
    planted: Parameters<typeof findStarted>[1],
  ): Promise<CoprBuild> {
    try {
      return await submission.create(request)
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error
      // the answer may have been lost on its way: then the build is there
      const started = await findStarted(client, planted).catch(() => undefined)
      if (!started) throw error
      return started
    }
  }

  async function prepareUpload(build: SrpmToBuild): Promise<Submission> {
    const name = plantName(nvrOf(build.srpm), build.id)
    return {
      mark: { file: name },
      create: async (request) => {
        const data = await openAsBlob(await storage.localPath(build.srpm))
        return client.createBuild({ ...request, srpm: { name, data } })
      },
    }
  }

  /** What Copr fetches is there before Copr is asked, and stays for as long as the run is kept. */
  async function prepareSources({ id, input, folder }: SourcesToBuild): Promise<Submission> {
    const task = toSourceTask(input, PACKAGER)
    const { text, sha256 } = await renderProgram(task)
    const mark = plantMark(id, task)
    const file = `packit-program-${sha256.slice(0, 16)}.mjs`
    await storage.put(`${folder.key}/${file}`, text)
    const script = renderScript({ url: `${folder.url}/${file}`, sha256, mark })
    const packages = scriptPackages(input.options.srpm_build_deps ?? [])
    return {
      mark: { scriptLine: markLine(mark) },
      create: (request) =>
        client.createCustomBuild({ ...request, script, packages, chroot: SCRIPT_CHROOT, resultDir: RESULT_DIR }),
    }
  }

  function toStarted({ id, owner, project }: CoprBuild): StartedBuild {
    return { buildId: String(id), place: { owner, project, webUrl: `${options.url}/coprs/build/${id}/` } }
  }

  const logs = { client, coprUrl: options.url, storage, now, mostBytes: options.mostLogBytes }
  return {
    name: 'copr',
    isRemote: true,
    findChroots,
    startBuild: (build) => startOnce('srpm', build, () => prepareUpload(build)),
    sources: {
      start: (build) => startOnce('sources', build, () => prepareSources(build)),
      find: (buildId, into) =>
        findSources(buildId, into, { ...logs, mostSrpmBytes: options.mostSrpmBytes ?? 4 * 1024 ** 3 }),
    },
    findTargets: (buildId, open) => findTargets(buildId, open, logs),
    cancelBuild: (buildId) => client.cancelBuild(buildId),
    liveLogs: createLiveLogs({
      ...logs,
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

function nvrOf(srpm: string): string {
  return (srpm.split('/').at(-1) ?? srpm).replace(/\.src\.rpm$/, '')
}
