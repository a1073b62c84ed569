import type { ServerResponse } from 'node:http'
import type { FakeBuild, FakeProject, State } from './state.ts'
import { stateOfBuild } from './state.ts'

const REPO_FILE = /^\/coprs\/(?:g\/)?([^/]+)\/([^/]+)\/repo\/([^/]+)\/(?:[^/]+\.repo)?$/
const BUILD = /^\/coprs\/build\/(\d+)\/?$/
const PROJECT = /^\/coprs\/(?:g\/)?([^/]+)\/([^/]+)\/$/

/** Serves the frontend's pages, as far as links of ours lead there, and its repo files. */
export function servePage(state: State, url: URL, response: ServerResponse): void {
  const { pathname } = url
  const repo = REPO_FILE.exec(pathname)
  if (repo) return void serveRepoFile(state, pathname, repo, response)
  const build = state.builds.get(Number(BUILD.exec(pathname)?.[1]))
  if (build) return void show(response, `Build ${build.id}`, buildPage(build))
  const of = PROJECT.exec(pathname)
  const project = of && state.findProject(ownerOf(pathname, of[1]), of[2] ?? '')
  if (project) return void show(response, `${project.owner}/${project.name}`, projectPage(project, state))
  if (pathname === '/')
    return void show(response, 'A Copr of its own', listOf([...state.projects.values()].map(linkTo)))
  response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>\n')
}

/** Groups have a path of their own. */
function ownerOf(pathname: string, name = ''): string {
  return pathname.startsWith('/coprs/g/') ? `@${name}` : name
}

function serveRepoFile(state: State, pathname: string, found: RegExpExecArray, response: ServerResponse): void {
  const [, name, dirname = '', release = ''] = found
  const owner = ownerOf(pathname, name)
  const project = state.findProject(owner, dirname.split(':')[0] ?? '')
  if (!project) return void response.writeHead(404).end()
  const chroot = [...project.chroots.keys()].find((one) => one.replace(/-[^-]+$/, '') === release)
  if (chroot === undefined) {
    const known = [...project.chroots.keys()]
    const data = Buffer.from(JSON.stringify({ 'available chroots': known })).toString('base64')
    return void response.writeHead(404, { 'copr-error-data': data }).end()
  }
  const results = `${state.url}/results/${owner}/${dirname}`
  const section = `copr:${new URL(state.url).host}:${owner.replace('@', 'group_')}:${dirname}`
  // Copr writes $releasever for Fedora and signs; this one's packages are tried on machines that have no such release
  const text = [
    `[${section}]`,
    `name=Copr repo for ${dirname} owned by ${owner}`,
    `baseurl=${results}/${release}-$basearch/`,
    'type=rpm-md',
    'skip_if_unavailable=True',
    'gpgcheck=0',
    `gpgkey=${results}/pubkey.gpg`,
    'repo_gpgcheck=0',
    'enabled=1',
    'enabled_metadata=1',
    '',
  ].join('\n')
  response.writeHead(200, { 'content-type': 'text/plain' }).end(text)
}

function buildPage(build: FakeBuild): string {
  const rows = build.chroots.map(({ name, state }) => `${name}: ${state}`)
  return `<p>${linkTo(build.project)}: ${stateOfBuild(build)}</p>${listOf([`sources: ${build.source.state}`, ...rows])}`
}

function projectPage(project: FakeProject, state: State): string {
  const builds = [...state.builds.values()].filter((build) => build.project === project)
  const link = (build: FakeBuild) => `<a href="/coprs/build/${build.id}/">${build.id}</a>: ${stateOfBuild(build)}`
  return `<p>${escapeText(project.settings.description)}</p>${listOf(builds.map(link))}`
}

function linkTo({ owner, name }: FakeProject): string {
  const path = owner.startsWith('@') ? `g/${owner.slice(1)}` : owner
  return `<a href="/coprs/${path}/${name}/">${owner}/${name}</a>`
}

function listOf(items: readonly string[]): string {
  return items.length > 0 ? `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>` : '<p>None yet.</p>'
}

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)
}

function show(response: ServerResponse, title: string, body: string): void {
  const page = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>\n`
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
}
