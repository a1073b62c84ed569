import { createHash } from 'node:crypto'
import { SetupError } from '../../domain/errors.ts'
import type { TestedBuild, TestToRun } from '../tester.ts'
import { splitTarget } from './composes.ts'
import { mergeExtra } from './merge-extra.ts'

/** A project without plans of its own gets the installation test that Fedora's services use. */
export const INSTALL_TEST = {
  url: 'https://gitlab.com/testing-farm/tests',
  ref: 'main',
  name: '/packit/installation',
} as const

/** The variable by which a request of ours is known again in the list of all. */
export const MARKER = 'PACKIT_TEST_REQUEST'

/**
 * Tells one submission from all others, those of other installations with the same token included. It stays the same when a
 * submission is repeated with another secret.
 */
export function markerOf({ id, notification }: Pick<TestToRun, 'id' | 'notification'>): string {
  return createHash('sha256')
    .update(`${id} ${notification?.url ?? ''}`)
    .digest('hex')
    .slice(0, 32)
}

/**
 * The body of `POST /requests`.
 *
 * @throws {SetupError} when a package can't be reached from outside
 */
export function requestBody(test: TestToRun, compose: string): Record<string, unknown> {
  const { arch } = splitTarget(test.target)
  const variables = { ...test.variables, ...installVariables(test), [MARKER]: markerOf(test) }
  const environment = {
    arch,
    os: { compose },
    tmt: { context: test.context },
    variables,
    ...unlessEmpty('secrets', test.secrets),
    ...unlessEmpty('artifacts', test.plans ? test.builds.map(artifactOf) : artifactsToInstall(test)),
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
  return { ...mergeExtra(body, test.extra), ...(webhook ? { notification: { webhook } } : {}) }
}

function plansOf({ plans }: TestToRun): Record<string, string> {
  if (plans === null) return { ...INSTALL_TEST }
  const { url, ref, mergeSha, path, name } = plans
  return { url, ref, ...(mergeSha === null ? {} : { merge_sha: mergeSha }), path, ...(name === null ? {} : { name }) }
}

/** The installation test enables a Copr project; it is the first that the service names. */
function installVariables({ plans, variables, builds }: TestToRun): Record<string, string> {
  const project = plans === null && builds.some(isCopr) ? variables.PACKIT_COPR_PROJECT?.trim().split(/\s+/)[0] : ''
  return project ? { REPOSITORY: project } : {}
}

/** Those of Copr come from the project; others the test finds in the repositories it is given. */
function artifactsToInstall({ builds }: TestToRun): object[] {
  return builds.filter((build) => !isCopr(build)).map(artifactOf)
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
