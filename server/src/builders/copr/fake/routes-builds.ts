import { Refusal, toBuild, toChroot, toSourceChroot } from './answers.ts'
import { type Call, needQuery, needUser, paged, toList } from './call.ts'
import type { Progress } from './progress.ts'
import { canBuild, needProject } from './routes-projects.ts'
import { type FakeBuild, type FakeProject, type FakeUser, hasEnded, stateOfBuild } from './state.ts'

/** What happens to builds beside their state: whoever makes them go on is told. */
export interface BuildHooks {
  progress: Progress
  onCreate: (build: FakeBuild) => void
  onCancel: (build: FakeBuild) => void
}

const SUFFIX = /\.(src\.rpm|nosrc\.rpm|spec)$/
const LONGEST_TIMEOUT = 108_000
const LONGEST_SCRIPT = 4096
const DIRNAME = /^[\w.-]+:(pr:[A-Za-z0-9-]*\d|custom:[A-Za-z0-9-]+)$/

export function createUpload(call: Call, hooks: BuildHooks): object {
  const { upload } = call
  const made = prepare(call)
  if (!upload) throw new Refusal(400, "Bad request parameters: {'pkgs': ['No file was uploaded']}")
  if (!SUFFIX.test(upload.name))
    throw new Refusal(400, "Bad request parameters: {'pkgs': ['You can upload only .src.rpm and .spec files']}")
  const sourceDict = { tmp: `tmp${call.state.builds.size}`, pkg: secureName(upload.name) }
  return submit(call, hooks, { ...made, method: 'upload', sourceDict, srpm: upload })
}

export function createCustom(call: Call, hooks: BuildHooks): object {
  const made = prepare(call)
  const { script, chroot, builddeps, repos, resultdir } = call.options
  if (typeof script !== 'string' || script.length > LONGEST_SCRIPT)
    throw new Refusal(400, `script: Field must be between 0 and ${LONGEST_SCRIPT} characters long.`)
  if (!call.state.mockChroots.has(String(chroot)) && !/^fedora-latest-/.test(String(chroot)))
    throw new Refusal(400, 'chroot: Not a valid choice.')
  const sourceDict = { script, chroot, builddeps, repos, resultdir }
  return submit(call, hooks, { ...made, method: 'custom', sourceDict, srpm: null })
}

/** One build for each address, as a list. */
export function createUrl(call: Call, hooks: BuildHooks): object {
  const made = prepare(call)
  const urls = toList(call.options.pkgs)
  if (urls.length === 0 || !urls.every((url) => SUFFIX.test(URL.parse(url)?.pathname ?? '')))
    throw new Refusal(400, 'pkgs: Invalid url')
  const items = urls.map((url) => submit(call, hooks, { ...made, method: 'url', sourceDict: { url }, srpm: null }))
  return { items, meta: {} }
}

interface Prepared {
  project: FakeProject
  user: FakeUser
  chroots: string[]
  dirname: string
}

/** What every way of building is checked for. */
function prepare(call: Call): Prepared {
  const user = needUser(call)
  const { state, options } = call
  const { ownername, projectname } = options
  if (typeof ownername !== 'string' || typeof projectname !== 'string')
    throw new Refusal(500, 'Request wasn’t successful, there is probably a bug.')
  const project = needProject(call, ownername, projectname)
  if (!canBuild(state, project, user.name))
    throw new Refusal(403, `User ${user.name} is not allowed to build in the copr: ${ownername}/${projectname}`)
  refuseForge(project, options.packit_forge_project)
  const active = [...project.chroots.keys()].filter((chroot) => state.mockChroots.has(chroot))
  if (active.length === 0) throw new Refusal(400, 'The project has no active chroots.')
  const chroots = 'chroots' in options ? toList(options.chroots) : []
  const unknown = chroots.find((chroot) => !active.includes(chroot))
  if (unknown !== undefined) throw new Refusal(400, `Unexpected chroot: ${unknown}`)
  const dirname = String(options.project_dirname ?? project.name)
  if (dirname !== project.name && !(DIRNAME.test(dirname) && dirname.startsWith(`${project.name}:`)))
    throw new Refusal(400, `Wrong directory ${dirname} specified`)
  const timeout = Number(options.timeout ?? 18_000)
  if (!(timeout >= 0 && timeout <= LONGEST_TIMEOUT))
    throw new Refusal(400, `Bad request parameters: {'timeout': ['Number must be between 0 and ${LONGEST_TIMEOUT}.']}`)
  return { project, user, chroots, dirname }
}

/** Whoever says for which forge's project it builds must be let in by that; others need not say it. */
function refuseForge({ settings }: FakeProject, forgeProject: unknown): void {
  if (forgeProject === undefined) return
  const isAllowed = settings.packit_forge_projects_allowed.some((allowed) => {
    const pattern = allowed.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${pattern.join('.*')}$`).test(String(forgeProject))
  })
  if (!isAllowed) throw new Refusal(403, `Forge project ${forgeProject} can't build in this Copr via Packit.`)
}

type Submitted = Prepared & Pick<FakeBuild, 'method' | 'sourceDict' | 'srpm'>

function submit({ state, options }: Call, hooks: BuildHooks, submitted: Submitted): object {
  const { user, chroots, ...rest } = submitted
  const nothing = { startedOn: null, endedOn: null, log: '' }
  const build: FakeBuild = {
    ...rest,
    id: state.nextId(),
    chroots: chroots.map((name) => ({ name, state: 'waiting', ...nothing, packages: [], files: new Map() })),
    source: { state: 'pending', ...nothing, name: null, version: null },
    canceled: false,
    submitter: user.name,
    submittedOn: state.seconds(),
    isBackground: options.background === true,
    options,
  }
  state.builds.set(build.id, build)
  const answer = toBuild(build, state)
  hooks.onCreate(build)
  return answer
}

export function checkBeforeBuild(call: Call): object {
  prepare(call)
  return { message: 'ok' }
}

function needBuild({ state }: Call, id: string | undefined): FakeBuild {
  const build = state.builds.get(Number(id))
  if (!build) throw new Refusal(404, `Build ${id} does not exist.`)
  return build
}

export function readBuild(call: Call, id?: string): object {
  return toBuild(needBuild(call, id), call.state)
}

export function listBuilds(call: Call): object {
  const [owner, name] = needQuery(call, 'ownername', 'projectname')
  const project = needProject(call, owner, name)
  const status = call.query.get('status')
  const found = [...call.state.builds.values()].filter(
    (build) => build.project === project && (status === null || stateOfBuild(build) === status),
  )
  return paged(call, found, (build) => toBuild(build, call.state))
}

export function readSourceChroot(call: Call, id?: string): object {
  return toSourceChroot(needBuild(call, id), call.state)
}

export function readSourceConfig(call: Call, id?: string): object {
  const build = needBuild(call, id)
  const { method, sourceDict, isBackground, options } = build
  const timeout = Number(options.timeout ?? 18_000)
  return {
    source_type: method,
    source_dict: sourceDict,
    memory_limit: 2048,
    timeout,
    is_background: isBackground,
  }
}

export function listChroots(call: Call): object {
  const [id] = needQuery(call, 'build_id')
  const build = needBuild(call, id)
  return { items: build.chroots.map((chroot) => toChroot(build, chroot, call.state)), meta: {} }
}

export function readChroot(call: Call): object {
  const { build, chroot } = needChroot(call)
  return toChroot(build, chroot, call.state)
}

export function readBuiltPackages(call: Call): object {
  return { packages: needChroot(call).chroot.packages }
}

function needChroot(call: Call) {
  const [id, name] = needQuery(call, 'build_id', 'chrootname')
  const build = needBuild(call, id)
  const chroot = build.chroots.find((one) => one.name === name)
  if (!chroot) throw new Refusal(404, `Build ${id} has no chroot ${name}.`)
  return { build, chroot }
}

export function cancelBuild(call: Call, hooks: BuildHooks, id?: string): object {
  const user = needUser(call)
  const build = needBuild(call, id)
  if (!canBuild(call.state, build.project, user.name))
    throw new Refusal(403, `You don't have permissions to cancel build ${id}.`)
  if (hasEnded(stateOfBuild(build))) throw new Refusal(409, `Cannot cancel build ${id}`)
  hooks.progress.cancel(build)
  hooks.onCancel(build)
  return toBuild(build, call.state)
}

/** An unfinished one is a user error, too, and answered as a fault of Copr's. */
export function deleteBuild(call: Call, id?: string): object {
  needUser(call)
  const build = needBuild(call, id)
  if (!hasEnded(stateOfBuild(build))) throw new Refusal(500, `Can not delete unfinished build ${id}.`)
  call.state.builds.delete(build.id)
  return toBuild(build, call.state)
}

/** Names of files lose what is neither letter, digit nor one of `_.-`. */
function secureName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]/g, '').replace(/^[._]+|[._]+$/g, '')
}
