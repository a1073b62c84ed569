import { Refusal } from './answers.ts'
import type { Call } from './call.ts'
import { needUser } from './call.ts'
import * as builds from './routes-builds.ts'
import * as projects from './routes-projects.ts'

type Handler = (call: Call, hooks: builds.BuildHooks, ...parts: string[]) => object
type Route = [methods: string, path: RegExp, handler: Handler]

const ROUTES: readonly Route[] = [
  ['GET', /^\/$/, () => ({ version: 3 })],
  ['GET', /^\/auth-check$/, (call) => ({ id: needUser(call).id, name: needUser(call).name })],
  ['GET', /^\/mock-chroots\/list$/, ({ state }) => Object.fromEntries(state.mockChroots)],
  ['POST', /^\/project\/add\/([^/]+)$/, (call, _hooks, owner) => projects.addProject(call, owner)],
  ['GET', /^\/project\/$/, (call) => projects.readProject(call)],
  ['GET', /^\/project\/list$/, (call) => projects.listProjects(call)],
  ['PUT POST', /^\/project\/edit\/([^/]+)\/([^/]+)$/, (call, _hooks, ...of) => projects.editProject(call, ...of)],
  ['DELETE POST', /^\/project\/delete\/([^/]+)\/([^/]+)$/, (call, _h, ...of) => projects.deleteProject(call, ...of)],
  [
    'GET',
    /^\/project\/permissions\/can_build_in\/([^/]+)\/([^/]+)\/([^/]+)$/,
    (call, _hooks, ...of) => projects.readCanBuild(call, ...of),
  ],
  [
    'PUT POST',
    /^\/project\/permissions\/request\/([^/]+)\/([^/]+)$/,
    (call, _hooks, ...of) => projects.requestPermission(call, ...of),
  ],
  ['GET', /^\/project-chroot\/$/, (call) => projects.readProjectChroot(call)],
  [
    'PUT POST',
    /^\/project-chroot\/edit\/([^/]+)\/([^/]+)\/([^/]+)$/,
    (call, _hooks, ...of) => projects.editProjectChroot(call, ...of),
  ],
  ['POST', /^\/build\/create\/upload$/, (call, hooks) => builds.createUpload(call, hooks)],
  ['POST', /^\/build\/create\/custom$/, (call, hooks) => builds.createCustom(call, hooks)],
  ['POST', /^\/build\/create\/url$/, (call, hooks) => builds.createUrl(call, hooks)],
  ['POST', /^\/build\/check-before-build$/, (call) => builds.checkBeforeBuild(call)],
  ['GET', /^\/build\/list$/, (call) => builds.listBuilds(call)],
  ['GET', /^\/build\/(\d+)$/, (call, _hooks, id) => builds.readBuild(call, id)],
  ['GET', /^\/build\/source-chroot\/(\d+)$/, (call, _hooks, id) => builds.readSourceChroot(call, id)],
  ['GET', /^\/build\/source-build-config\/(\d+)$/, (call, _hooks, id) => builds.readSourceConfig(call, id)],
  ['PUT POST', /^\/build\/cancel\/(\d+)$/, (call, hooks, id) => builds.cancelBuild(call, hooks, id)],
  ['DELETE POST', /^\/build\/delete\/(\d+)$/, (call, _hooks, id) => builds.deleteBuild(call, id)],
  ['GET', /^\/build-chroot\/$/, (call) => builds.readChroot(call)],
  ['GET', /^\/build-chroot\/list$/, (call) => builds.listChroots(call)],
  ['GET', /^\/build-chroot\/built-packages$/, (call) => builds.readBuiltPackages(call)],
]

/** Paths whose slash at the end is part of the name. */
const WITH_SLASH = new Set(['/project', '/project-chroot', '/build-chroot'])

/** Answers a request of the API, `path` without `/api_3`. */
export function answer(
  path: string,
  call: Call,
  hooks: builds.BuildHooks,
): { body: object; headers: Record<string, string> } | { redirect: string } {
  if (WITH_SLASH.has(path)) return { redirect: `${path}/` }
  const { method } = call
  for (const [methods, pattern, handle] of ROUTES) {
    const found = pattern.exec(path)
    if (!found || !methods.split(' ').includes(method)) continue
    const parts = found.slice(1).map((part) => decodeURIComponent(part))
    const isOld = method === 'POST' && methods !== 'POST'
    const headers: Record<string, string> = isOld
      ? { warning: `This method is deprecated: use ${methods.split(' ')[0]}` }
      : {}
    return { body: handle(call, hooks, ...parts), headers }
  }
  if (ROUTES.some(([, pattern]) => pattern.test(path))) throw new Refusal(405, 'Method not allowed')
  throw new Refusal(404, "Such API endpoint doesn't exist")
}
