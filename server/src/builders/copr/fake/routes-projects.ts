import { Refusal, toProject } from './answers.ts'
import { type Call, needQuery, needUser, paged, toList } from './call.ts'
import { type ChrootSettings, type FakeProject, hasEnded, type ProjectSettings, type State } from './state.ts'

const NAME = /^[\w.-]+$/
const FLAGS = [
  ...['devel_mode', 'persistent', 'unlisted_on_hp', 'auto_prune', 'enable_net', 'module_hotfixes', 'appstream'],
  'follow_fedora_branching',
] as const
const TEXTS = ['description', 'instructions', 'homepage', 'contact', 'isolation'] as const
const BOOTSTRAPS = ['default', 'on', 'off', 'image']

export function addProject(call: Call, owner = ''): object {
  const { state, options, query } = call
  const user = needUser(call)
  const name = String(options.name ?? '')
  if (!NAME.test(name) || /^\d+$/.test(name))
    throw new Refusal(400, 'name: Name must contain only letters, digits, underscores, dashes and dots.')
  const group = owner.startsWith('@') ? state.groups.get(owner.slice(1)) : undefined
  if (owner.startsWith('@') && !group) throw new Refusal(404, `Group ${owner} does not exist.`)
  if (group ? !group.has(user.name) : owner !== user.name)
    throw new Refusal(403, `You don't have permissions to create projects for ${owner}.`)
  const known = state.findProject(owner, name)
  if (known) {
    // the one spelling that counts, and nothing of the project is changed
    if (query.get('exist_ok') === 'True') return toProject(known, state)
    throw new Refusal(400, `name: You already have a project named '${name}'.`)
  }
  const chroots = toList(options.chroots)
  if (chroots.length === 0) throw new Refusal(400, 'chroots: At least one chroot must be selected')
  const project = newProject(state, owner, name)
  setChroots(state, project, chroots)
  applySettings(project, { ...options, repos: options.additional_repos })
  if ('delete_after_days' in options) project.deleteAfterDays = Number(options.delete_after_days)
  state.keepProject(project)
  return toProject(project, state)
}

function newProject(state: State, owner: string, name: string): FakeProject {
  return {
    ...{ id: state.nextId(), owner, name, chroots: new Map(), deleteAfterDays: -1, permissions: new Map() },
    settings: {
      ...{ homepage: null, contact: null, description: '', instructions: '', devel_mode: false, persistent: false },
      ...{ unlisted_on_hp: false, auto_prune: true, enable_net: false, bootstrap: 'default', isolation: 'default' },
      ...{ module_hotfixes: false, appstream: false, packit_forge_projects_allowed: [], additional_repos: [] },
      ...{ follow_fedora_branching: true, repo_priority: null, storage: 'backend' },
    },
  }
}

function applySettings({ settings }: FakeProject, options: Record<string, unknown>): void {
  for (const name of FLAGS) if (name in options) settings[name] = options[name] === true
  for (const name of TEXTS)
    if (name in options)
      (settings as Pick<ProjectSettings, 'description'>)[name as 'description'] = String(options[name])
  if ('bootstrap' in options) {
    if (!BOOTSTRAPS.includes(String(options.bootstrap))) throw new Refusal(400, 'bootstrap: Not a valid choice.')
    settings.bootstrap = String(options.bootstrap)
  }
  if ('repos' in options && options.repos !== undefined) settings.additional_repos = toList(options.repos)
  if ('packit_forge_projects_allowed' in options)
    settings.packit_forge_projects_allowed = toList(options.packit_forge_projects_allowed)
}

/** Chroots of the list replace those that were enabled; one that still builds can't be dropped. */
function setChroots(state: State, project: FakeProject, wanted: readonly string[]): void {
  const unknown = wanted.find((chroot) => !state.mockChroots.has(chroot))
  if (unknown !== undefined) throw new Refusal(400, `chroots: Unexpected chroot: ${unknown}`)
  for (const chroot of project.chroots.keys()) {
    if (wanted.includes(chroot)) continue
    const busy = [...state.builds.values()].filter(
      (build) => build.project === project && build.chroots.some((one) => one.name === chroot && !hasEnded(one.state)),
    )
    if (busy.length > 0) {
      const ids = busy.map(({ id }) => id).join(', ')
      throw new Refusal(409, `Can't drop chroot from project, related builds [${ids}] are still in progress`)
    }
    project.chroots.delete(chroot)
  }
  for (const chroot of wanted) if (!project.chroots.has(chroot)) project.chroots.set(chroot, newChroot())
}

function newChroot(): ChrootSettings {
  return {
    ...{ additional_repos: [], additional_packages: [], additional_modules: [], with_opts: [], without_opts: [] },
    isolation: 'unchanged',
  }
}

export function needProject({ state }: Call, owner = '', name = ''): FakeProject {
  const found = state.findProject(owner, name)
  if (!found) throw new Refusal(404, `Project ${owner}/${name} does not exist.`)
  return found
}

export function readProject(call: Call): object {
  const [owner, name] = needQuery(call, 'ownername', 'projectname')
  return toProject(needProject(call, owner, name), call.state)
}

export function listProjects(call: Call): object {
  const [owner] = needQuery(call, 'ownername')
  const found = [...call.state.projects.values()].filter((project) => project.owner === owner)
  return paged(call, found, (project) => toProject(project, call.state))
}

function needAdmin(call: Call, project: FakeProject, message: string): void {
  const user = needUser(call)
  const isAdmin = project.permissions.get(user.name)?.admin === 'approved'
  if (!isAdmin && !call.state.owns(user.name, project)) throw new Refusal(403, message)
}

export function editProject(call: Call, owner = '', name = ''): object {
  const { state, options } = call
  const project = needProject(call, owner, name)
  needAdmin(call, project, 'Only owners and admins may update their projects.')
  if ('persistent' in options) throw new Refusal(403, 'Only admins may set persistent.')
  if ('chroots' in options) setChroots(state, project, toList(options.chroots))
  if ('delete_after_days' in options) project.deleteAfterDays = Number(options.delete_after_days)
  applySettings(project, options)
  return toProject(project, state)
}

export function deleteProject(call: Call, owner = '', name = ''): object {
  const project = needProject(call, owner, name)
  needAdmin(call, project, 'Only owners may delete their projects.')
  if (call.options.verify !== true) throw new Refusal(400, 'The parameter `verify` is not True')
  const shown = toProject(project, call.state)
  call.state.removeProject(project)
  return shown
}

function needChroot(project: FakeProject, chroot: string): ChrootSettings {
  const found = project.chroots.get(chroot)
  if (!found) throw new Refusal(404, `Chroot ${chroot} is not enabled in ${project.owner}/${project.name}.`)
  return found
}

function toChrootSettings(project: FakeProject, chroot: string): object {
  const settings = needChroot(project, chroot)
  return {
    ...{ mock_chroot: chroot, ownername: project.owner, projectname: project.name, comps_name: null },
    ...{ ...settings, delete_after_days: null },
  }
}

export function readProjectChroot(call: Call): object {
  const [owner, name, chroot = ''] = needQuery(call, 'ownername', 'projectname', 'chrootname')
  return toChrootSettings(needProject(call, owner, name), chroot)
}

const LISTS = ['additional_repos', 'additional_packages', 'additional_modules', 'with_opts', 'without_opts'] as const

export function editProjectChroot(call: Call, owner = '', name = '', chroot = ''): object {
  const project = needProject(call, owner, name)
  needAdmin(call, project, 'Only owners and admins may update their projects.')
  const settings = needChroot(project, chroot)
  for (const list of LISTS) if (list in call.options) settings[list] = toList(call.options[list])
  return toChrootSettings(project, chroot)
}

/** The owner, members of the group that is, and who was let in. */
export function canBuild(state: State, project: FakeProject, user: string): boolean {
  const given = project.permissions.get(user)
  return state.owns(user, project) || given?.admin === 'approved' || given?.builder === 'approved'
}

export function readCanBuild(call: Call, who = '', owner = '', name = ''): object {
  const project = needProject(call, owner, name)
  if (!call.state.users.some((user) => user.name === who)) throw new Refusal(500, `no such user: ${who}`)
  return { who, ownername: owner, projectname: name, can_build_in: canBuild(call.state, project, who) }
}

export function requestPermission(call: Call, owner = '', name = ''): object {
  const user = needUser(call)
  const project = needProject(call, owner, name)
  const known = project.permissions.get(user.name) ?? { admin: 'nothing', builder: 'nothing' }
  const asked = (['admin', 'builder'] as const).filter((role) => call.options[role] === true)
  if (asked.some((role) => known[role] === 'approved')) throw new Refusal(400, 'You already have this permission.')
  const isNew = asked.some((role) => known[role] !== 'request')
  for (const role of asked) known[role] = 'request'
  project.permissions.set(user.name, known)
  return { updated: isNew }
}
