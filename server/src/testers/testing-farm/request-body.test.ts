import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SetupError } from '../../domain/errors.ts'
import { composeOf, createComposes } from './composes.ts'
import { MARKER, requestBody } from './request-body.ts'
import { testToRun } from './test-world.ts'

type Body = { test: { fmf: object }; environments: Record<string, unknown>[] }
const bodyOf = (set: Parameters<typeof testToRun>[0] = {}) =>
  requestBody(testToRun(set), 'Fedora-Rawhide') as unknown as Body

test('a request names plans, compose, packages, context, variables, secrets, script, time limit and webhook', () => {
  const run = testToRun({
    plans: { url: 'https://github.com/ann/hello', ref: 'f00d', mergeSha: 'ba5e', path: 'tests', name: '^/plans/ci$' },
    variables: { PACKIT_PR_ID: '7' },
    secrets: { TOKEN: 's3cret' },
    postInstallScript: 'dnf -y update',
    timeoutMinutes: 90,
  })
  const body = requestBody(run, 'Fedora-Rawhide')
  const marker = (body as unknown as { environments: [{ variables: Record<string, string> }] }).environments[0]
    .variables[MARKER]

  assert.match(marker ?? '', /^[0-9a-f]{32}$/)
  assert.deepEqual(body, {
    test: {
      fmf: { url: 'https://github.com/ann/hello', ref: 'f00d', merge_sha: 'ba5e', path: 'tests', name: '^/plans/ci$' },
    },
    environments: [
      {
        arch: 'x86_64',
        os: { compose: 'Fedora-Rawhide' },
        tmt: { context: run.context },
        variables: { PACKIT_PR_ID: '7', [MARKER]: marker },
        secrets: { TOKEN: 's3cret' },
        artifacts: [
          {
            type: 'fedora-copr-build',
            id: '1044215:fedora-rawhide-x86_64',
            packages: ['hello-2.10-1.fc46.x86_64'],
          },
        ],
        settings: { provisioning: { post_install_script: 'dnf -y update' } },
      },
    ],
    settings: { pipeline: { timeout: 90 } },
    notification: { webhook: { url: run.notification?.url, token: run.notification?.secret } },
  })
})

test('a project without plans gets the installation test of its Copr project', () => {
  const body = bodyOf({ plans: null })

  assert.deepEqual(body.test.fmf, {
    url: 'https://gitlab.com/testing-farm/tests',
    ref: 'main',
    name: '/packit/installation',
  })
  assert.equal(
    (body.environments[0]?.variables as Record<string, string> | undefined)?.REPOSITORY,
    'packit/acme-hello-1',
  )
  assert.equal(body.environments[0]?.artifacts, undefined)
})

test('packages that were built here are taken from our repository, which has to be reachable', () => {
  const build = {
    builder: 'local' as const,
    buildId: '7',
    chroot: 'fedora-rawhide-x86_64',
    packages: ['a-1-1.noarch'],
    files: [],
  }
  const repositoryUrl = 'https://packit.example/repos/acme-hello-1/runs/7/fedora-rawhide-x86_64'

  assert.deepEqual(bodyOf({ builds: [{ ...build, repositoryUrl }] }).environments[0]?.artifacts, [
    { type: 'repository', id: repositoryUrl, packages: ['a-1-1.noarch'] },
  ])
  assert.throws(() => bodyOf({ builds: [build] }), SetupError)
  // the installation test would be red for want of a Copr project
  assert.throws(() => bodyOf({ builds: [{ ...build, repositoryUrl }], plans: null }), SetupError)
  assert.throws(() => bodyOf({ variables: {}, plans: null }), SetupError)
})

test('extra parameters are merged member by member, lists by place, artifacts added; the rest is left alone', () => {
  const body = bodyOf({
    extra: {
      environments: [
        { artifacts: [{ type: 'repository-file', id: 'https://x/y.repo' }], tmt: { context: { how: 'full' } } },
        { arch: 'aarch64' },
      ],
      settings: { pipeline: { type: 'tmt-multihost' } },
      test: { tmt: { name: '/plans/e2e' } },
      notification: { webhook: { url: 'https://evil.example', token: 'x' } },
      api_key: 'x',
    },
  }) as Body & { settings: object; notification: { webhook: { url: string } }; api_key?: string }

  assert.equal((body.environments[0]?.artifacts as object[] | undefined)?.length, 2)
  assert.deepEqual(body.environments[0]?.tmt, {
    context: { distro: 'fedora-rawhide', arch: 'x86_64', trigger: 'commit', initiator: 'packit', how: 'full' },
  })
  assert.deepEqual(body.environments[1], { arch: 'aarch64' })
  assert.deepEqual(body.settings, { pipeline: { type: 'tmt-multihost' } })
  assert.deepEqual(body.test, {
    fmf: { url: 'https://github.com/acme/hello', ref: 'f00d', path: '.', name: '/plans/e2e' },
  })
  assert.equal(body.notification.webhook.url, 'http://127.0.0.1:9/nobody')
  assert.equal(body.api_key, undefined)
})

test('extra parameters do not change the mark by which a request is known again', () => {
  const same = { id: 7, createdAt: new Date(0) }
  const own = (bodyOf(same) as unknown as Marked).environments[0]?.variables?.[MARKER]
  const variables = { [MARKER]: 'that of another request', MODE: 'fast' }
  const { environments } = bodyOf({
    ...same,
    extra: { environments: [{ variables }, { variables }, {}] },
  }) as unknown as Marked

  assert.deepEqual(
    environments.map((environment) => environment.variables),
    [{ ...environments[0]?.variables, MODE: 'fast', [MARKER]: own }, { MODE: 'fast', [MARKER]: own }, undefined],
  )
})

interface Marked {
  environments: { variables?: Record<string, string> }[]
}

test('extra parameters reach no prototype', () => {
  bodyOf({
    extra: JSON.parse('{"environments":[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]}'),
  })

  assert.equal(({} as { polluted?: unknown }).polluted, undefined)
})

const PUBLIC = createComposes([
  'Fedora-Rawhide',
  'Fedora-4[3-6]',
  'Fedora-eln',
  'CentOS-Stream-(8|9|10)',
  '(a+)+$',
  '(broken',
])

test('each distribution has the compose that the ranch spells so', () => {
  const cases: [string, string][] = [
    ['fedora-rawhide', 'Fedora-Rawhide'],
    ['fedora-45', 'Fedora-45'],
    ['fedora-eln', 'Fedora-eln'],
    ['centos-stream-9', 'CentOS-Stream-9'],
    ['centos-stream', 'CentOS-Stream-8'],
    ['centos-7', 'CentOS-7'],
    ['rhel-9.4.0-nightly', 'RHEL-9.4.0-Nightly'],
    ['oraclelinux-8', 'Oracle-Linux-8'],
    ['centos-9-latest', 'CentOS-9-latest'],
    // what the ranch has so stays
    ['Fedora-45', 'Fedora-45'],
  ]
  for (const [distro, compose] of cases) assert.equal(composeOf(distro, 'public', PUBLIC), compose)
})

test('the internal ranch has nightly and updated composes of its own', () => {
  const none = createComposes([])
  const cases: [string, string][] = [
    ['fedora-rawhide', 'Fedora-Rawhide-Nightly'],
    ['fedora-45', 'Fedora-45-Updated'],
    ['centos-7', 'CentOS-7-latest'],
    ['rhel-7', 'RHEL-7-LatestReleased'],
    ['rhel-8', 'RHEL-8.5.0-Nightly'],
    ['rhel-10.1-nightly', 'RHEL-10.1-Nightly'],
    ['oraclelinux-7', 'Oracle-Linux-7.9'],
    ['centos-stream-9', 'CentOS-Stream-9'],
  ]
  for (const [distro, compose] of cases) assert.equal(composeOf(distro, 'redhat', none), compose)
})

test('names of composes match in full, and neither broken nor endless expressions do harm', () => {
  assert.ok(PUBLIC.has('Fedora-46'))
  assert.ok(!PUBLIC.has('Fedora-461'))
  assert.ok(!PUBLIC.has('XFedora-46'))
  assert.ok(PUBLIC.has('(broken'))
  assert.ok(!PUBLIC.has(`${'a'.repeat(60)}!`))
})
