import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AppStore, KeptApp } from '../../forges/github/app-store.ts'
import { FakeGithub } from '../../forges/github/fake/fake-github.ts'
import { fullName } from '../../forges/github/fake/state.ts'
import type { Repository } from '../../forges/github/fake/things.ts'
import { defaultChoices } from '../../forges/github/setup/choices.ts'
import { convertCode } from '../../forges/github/setup/convert.ts'
import { makeManifest, registrationUrl } from '../../forges/github/setup/manifest.ts'

const SAMPLE = fileURLToPath(new URL('../../../../examples/hello', import.meta.url))

/** Who is there: `acme` owns the project and the App, `alice` may write, `oscar` comes from elsewhere. */
export const OWNER = 'acme'
export const MEMBER = 'alice'
export const OUTSIDER = 'oscar'
const APP_NAME = 'packit-demo'

/**
 * A GitHub on this machine with nobody but the people of the demo and nothing but the sample.
 *
 * @param changed  files of the sample that are otherwise, or there besides
 */
export async function startGithub(
  dir: string,
  changed: Record<string, string> = {},
): Promise<{ github: FakeGithub; repository: Repository }> {
  const github = await FakeGithub.start({ dir })
  // it listens on 127.0.0.1 alone; the name reads better on the pages
  github.state.url = github.url.replace('127.0.0.1', 'localhost')
  // the App that tests begin with, and its people
  github.state.apps.length = 0
  github.state.users.length = 0
  for (const login of [MEMBER, OUTSIDER]) github.createUser(login)
  const owner = github.createUser(OWNER, 'Organization')
  const repository = await github.createRepository({
    owner,
    name: 'hello',
    files: { ...(await readSample()), ...changed },
  })
  await github.pushTag({ repository, tag: 'v1.0.0' })
  github.setPermission(repository, MEMBER, 'write')
  return { github, repository }
}

async function readSample(): Promise<Record<string, string>> {
  const entries = await readdir(SAMPLE, { recursive: true, withFileTypes: true })
  const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  const files = paths.map(async (path) => [path.slice(SAMPLE.length + 1), await readFile(path, 'utf8')])
  return Object.fromEntries(await Promise.all(files))
}

/** The sample's program, changed as pull requests do. */
export async function changedProgram(comment: string): Promise<Record<string, string>> {
  const path = 'src/hello.c'
  return { [path]: `// ${comment}\n${await readFile(join(SAMPLE, path), 'utf8')}` }
}

/** The sample's spec file, whose package needs another one. */
export async function requiringProgram(name: string): Promise<Record<string, string>> {
  const path = 'hello.spec'
  const spec = await readFile(join(SAMPLE, path), 'utf8')
  return { [path]: spec.replace(/^BuildRequires:.*$/m, (line) => `Requires:       ${name}\n${line}`) }
}

/**
 * Has GitHub make the App, as the pages of `/setup` do: the manifest is sent, the code that comes back is turned into the
 * App, and the App is kept. Then it is installed on the sample.
 */
export async function setUpApp(
  github: FakeGithub,
  repository: Repository,
  { apps, base }: { apps: Pick<AppStore, 'save'>; base: string },
): Promise<KeptApp> {
  const choices = { ...defaultChoices(base, github.apiUrl), name: APP_NAME, organization: OWNER }
  const page = registrationUrl(choices, 'demo')
  const manifest = JSON.stringify(makeManifest(choices, base))
  // the page shows what the App will be; this is its button
  const answer = await fetch(new URL('create', page), {
    method: 'POST',
    body: new URLSearchParams({ manifest, state: 'demo' }),
    redirect: 'manual',
  })
  const back = answer.headers.get('location')
  const code = back && new URL(back).searchParams.get('code')
  if (!code) throw new Error(`GitHub made no App: it answered ${answer.status} ${await answer.text()}`)
  const app = await convertCode(code, github.apiUrl, fetch)
  await apps.save(app)
  const made = github.state.apps.find(({ id }) => id === app.appId)
  if (!made) throw new Error(`the App of ${fullName(repository)} is not there`)
  await github.install(repository, { app: made })
  return app
}
