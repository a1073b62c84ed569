import type { CoprState, FakeBuild, FakeChroot, FakeProject, State } from './state.ts'
import { paddedId, resultFolder, stateOfBuild } from './state.ts'

/** A refusal as Copr words it. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Record<string, string>
  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

export function toProject(project: FakeProject, state: State): object {
  const { id, name, owner, settings, chroots } = project
  const repos = [...chroots.keys()].map((chroot) => [chroot, `${resultsUrl(state, project)}/${chroot}/`])
  return {
    ...{ id, name, ownername: owner, full_name: `${owner}/${name}`, ...settings },
    chroot_repos: Object.fromEntries(repos),
  }
}

export function toBuild(build: FakeBuild, state: State): object {
  const { id, project, source, chroots } = build
  const starts = chroots.map(({ startedOn }) => startedOn).filter((at) => at !== null)
  const ends = chroots.map(({ endedOn }) => endedOn)
  return {
    id,
    state: stateOfBuild(build),
    ownername: project.owner,
    projectname: project.name,
    project_dirname: build.dirname,
    repo_url: resultsUrl(state, project),
    chroots: chroots.map(({ name }) => name),
    source_package: {
      name: source.name,
      version: source.version,
      url: source.state === 'succeeded' ? sourceUrl(state, build) + sourceFile(source) : null,
    },
    submitter: build.submitter,
    is_background: build.isBackground,
    submitted_on: build.submittedOn,
    started_on: starts.length > 0 ? Math.min(...starts) : null,
    ended_on:
      ends.length > 0 && ends.every((end) => end !== null) ? Math.max(...ends.filter((end) => end !== null)) : null,
  }
}

export function toChroot(build: FakeBuild, chroot: FakeChroot, state: State): object {
  const { name, startedOn, endedOn } = chroot
  const isKnown = build.source.name !== null && startedOn !== null
  const url = `${resultsUrl(state, build.project, build.dirname)}/${name}/${resultFolder(build)}/`
  return {
    name,
    state: chroot.state,
    started_on: startedOn,
    ended_on: endedOn,
    result_url: isKnown ? url : null,
  }
}

/** The SRPM build; while it waits, the log's address that this is made from isn't there yet, and Copr stumbles over it. */
export function toSourceChroot(build: FakeBuild, state: State): object {
  const early: readonly CoprState[] = ['pending', 'starting']
  if (early.includes(build.source.state)) throw new Refusal(500, 'Request wasn’t successful, there is probably a bug.')
  return { state: build.source.state, result_url: sourceUrl(state, build) }
}

/** Files are named without an epoch. */
function sourceFile({ name, version }: FakeBuild['source']): string {
  return `${name}-${version?.replace(/^\d+:/, '')}.src.rpm`
}

function resultsUrl(state: State, { owner, name }: FakeProject, dirname = name): string {
  return `${state.url}/results/${owner}/${dirname}`
}

function sourceUrl(state: State, build: FakeBuild): string {
  return `${resultsUrl(state, build.project, build.dirname)}/srpm-builds/${paddedId(build.id)}/`
}
