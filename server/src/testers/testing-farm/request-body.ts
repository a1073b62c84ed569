import { createHash } from 'node:crypto'
import { SetupError } from '../../domain/errors.ts'
import { splitArch } from '../../domain/targets.ts'
import type { TestedBuild, TestToRun } from '../tester.ts'
import { isObject, mergeExtra } from './merge-extra.ts'

/** A project without plans of its own gets the installation test that Fedora's services use. */
const INSTALL_TEST = {
  url: 'https://gitlab.com/testing-farm/tests',
  ref: 'main',
  name: '/packit/installation',
} as const

/** The variable by which a request of ours is known again in the list of all. */
export const MARKER = 'PACKIT_TEST_REQUEST'

/**
 * Tells one submission from all others, those of other installations with the same token included. It stays the same when another
 * process, which may be set up otherwise, repeats it with another secret.
 */
export function markerOf({ id, createdAt }: Pick<TestToRun, 'id' | 'createdAt'>): string {
  return createHash('sha256').update(`${id} ${createdAt.toISOString()}`).digest('hex').slice(0, 32)
}

/**
 * The body of `POST /requests`.
 *
 * @throws {SetupError} when packages can't be had there, with what to do
 */
export function requestBody(test: TestToRun, compose: string): Record<string, unknown> {
  const [, arch] = splitArch(test.target)
  const variables = { ...test.variables, ...installVariables(test), [MARKER]: markerOf(test) }
  const environment = {
    arch,
    os: { compose },
    tmt: { context: test.context },
    variables,
    ...unlessEmpty('secrets', test.secrets),
    ...unlessEmpty('artifacts', test.plans ? test.builds.map(artifactOf) : []),
    ...(test.postInstallScript === null
      ? {}
      : { settings: { provisioning: { post_install_script: test.postInstallScript } } }),
  }
  const body = {
    test: { fmf: plansOf(test) },
    environments: [environment],
    ...(test.timeoutMinutes === null ? {} : { settings: { pipeline: { timeout: test.timeoutMinutes } } }),
  }
  const { notification } = test
  const webhook = notification && { url: notification.url, token: notification.secret }
  return { ...keepMark(mergeExtra(body, test.extra), test), ...(webhook ? { notification: { webhook } } : {}) }
}

/** Whatever the configuration adds, a request has its own mark, and none that another request is known by. */
function keepMark<T extends Record<string, unknown>>(body: T, test: TestToRun): T {
  if (!Array.isArray(body.environments)) return body
  const environments = body.environments.map((environment: unknown, index) => {
    if (!isObject(environment)) return environment
    const variables = isObject(environment.variables) ? environment.variables : {}
    if (index > 0 && !Object.hasOwn(variables, MARKER)) return environment
    return { ...environment, variables: { ...variables, [MARKER]: markerOf(test) } }
  })
  return { ...body, environments }
}

/** Texts of a request that nobody may be shown: secrets of its machines, whoever named them, and that of its notification. */
export function secretsOf(body: Record<string, unknown>, notification: TestToRun['notification']): string[] {
  const environments = Array.isArray(body.environments) ? body.environments : []
  const texts = environments.flatMap((one: { secrets?: object | null } | null) => Object.values(one?.secrets ?? {}))
  const said = texts.flatMap((text) => (typeof text === 'string' || typeof text === 'number' ? [String(text)] : []))
  return notification ? [...said, notification.secret] : said
}

function plansOf({ plans }: TestToRun): Record<string, string> {
  if (plans === null) return { ...INSTALL_TEST }
  const { url, ref, mergeSha, path, name } = plans
  return { url, ref, ...(mergeSha === null ? {} : { merge_sha: mergeSha }), path, ...(name === null ? {} : { name }) }
}

/** The installation test enables a Copr project, the first that the service names, and installs from it. */
function installVariables({ plans, variables, builds }: TestToRun): Record<string, string> {
  if (plans !== null) return {}
  const project = variables.PACKIT_COPR_PROJECT?.trim().split(/\s+/)[0]
  if (!project || !builds.every(isCopr))
    throw new SetupError(
      "Testing Farm's installation test takes packages from Copr alone. Packages that were built here can be tested by plans of the project's own (`fmf init`).",
    )
  return { REPOSITORY: project }
}

function artifactOf(build: TestedBuild): object {
  const { buildId, chroot, packages, repositoryUrl } = build
  if (isCopr(build)) return { type: 'fedora-copr-build', id: `${buildId}:${chroot}`, packages }
  if (repositoryUrl) return { type: 'repository', id: repositoryUrl, packages }
  throw new SetupError(
    `Testing Farm can't reach the packages that were built here for ${chroot}: set PACKIT_PUBLIC_URL to an address that it reaches, or build in Copr.`,
  )
}

function isCopr({ builder }: TestedBuild): boolean {
  return builder === 'copr'
}

function unlessEmpty(name: string, value: object): Record<string, unknown> {
  return Object.keys(value).length > 0 ? { [name]: value } : {}
}
