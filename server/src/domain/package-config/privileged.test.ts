import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepPrivileged, type PRIVILEGED, PRIVILEGED_OF_TARGET } from './privileged.ts'
import { readPackageConfig } from './read.ts'
import type { OptionName, PackageConfig } from './types.ts'

function read(text: string): PackageConfig {
  const result = readPackageConfig(text, { repoName: 'hello', configPath: '.packit.yaml', specFiles: ['hello.spec'] })
  if (!result.ok) throw new Error(JSON.stringify(result.errors))
  return result.config
}

const BUILD = '{job: copr_build, trigger: pull_request, targets: [fedora-stable]'

/** A value for each privileged key that is not its default. */
const CHANGED: Record<keyof typeof PRIVILEGED, string> = {
  owner: 'evil',
  project: 'official',
  list_on_homepage: 'true',
  preserve_project: 'true',
  module_hotfixes: 'true',
  follow_fedora_branching: 'true',
  scratch: 'true',
  image_distribution: 'fedora-45',
  image_request: '{upload_request: {type: aws}}',
  image_customizations: '{packages: [x]}',
  copr_chroot: 'fedora-45-x86_64',
  enable_net: 'true',
  additional_repos: '[https://evil.example]',
  additional_packages: '[evil]',
  bootstrap: "'on'",
  use_internal_tf: 'true',
  tf_extra_params: '{environments: [{settings: {}}]}',
  tf_post_install_script: 'curl evil',
  csmock_args: '--evil',
  osh_options: '{profile: evil}',
  notifications: '{failure_comment: {message: "@everybody"}}',
  issue_repository: 'https://github.com/evil/evil',
  status_name_template: 'packit',
  dist_git_base_url: 'https://evil.example/',
  dist_git_namespace: 'evil',
  pkg_tool: 'centpkg',
  sig: 'evil',
  dist_git_branches: '[rawhide]',
  upload_sources: 'false',
  allowed_gpg_keys: '[evil]',
  allowed_pr_authors: '[evil]',
  allowed_builders: '[evil]',
  allowed_committers: '[evil]',
  bodhi_extra_params: '{autokarma: true}',
}

test('no privileged setting of a fork holds: each is the base branch’s, in the job and in the package', () => {
  const base = read(`jobs: [${BUILD}}]`)
  for (const [key, value] of Object.entries(CHANGED)) {
    // a namespace counts only with an address
    const keys = [
      `${key}: ${value}`,
      ...(key === 'dist_git_namespace' ? ['dist_git_base_url: https://evil.example/'] : []),
    ]
    for (const text of [`${keys.join('\n')}\njobs: [${BUILD}}]`, `jobs: [${BUILD}, ${keys.join(', ')}}]`]) {
      const { config, notes } = keepPrivileged(read(text), base)
      const name = key as OptionName
      assert.deepEqual(config.jobs[0]?.packages.hello?.[name], base.jobs[0]?.packages.hello?.[name], key)
      assert.deepEqual(config.packages.hello?.[name], base.packages.hello?.[name], key)
      assert.match(notes.join(), new RegExp(`^copr_build of "hello": a fork can't change .*\\b${key}\\b`))
    }
  }
})

test('what the base branch publishes to stays when the fork leaves it out or writes another', () => {
  const base = read(`jobs: [${BUILD}, owner: '@acme', project: stable, identifier: a}]`)
  for (const text of [BUILD, `${BUILD}, owner: evil, project: other`]) {
    const { config } = keepPrivileged(read(`jobs: [${text}, identifier: a}]`), base)
    const kept = config.jobs[0]?.packages.hello
    assert.deepEqual([kept?.owner, kept?.project], ['@acme', 'stable'])
  }
})

test('a job that the base branch does not have gets the defaults, not the rights of another job', () => {
  const base = read(`owner: '@acme'\nproject: stable\njobs: [${BUILD}, identifier: a, enable_net: true}]`)
  for (const job of [
    `${BUILD}, identifier: b, enable_net: true}`,
    '{job: copr_build, trigger: commit, identifier: a, targets: [fedora-stable], enable_net: true}',
    '{job: tests, trigger: pull_request, identifier: a, targets: [fedora-stable], enable_net: true}',
  ]) {
    const { config } = keepPrivileged(read(`owner: '@acme'\nproject: stable\njobs: [${job}]`), base)
    const kept = config.jobs[0]?.packages.hello
    assert.deepEqual([kept?.owner, kept?.project, kept?.enable_net], [null, null, false], job)
  }
})

test('a second job that is called as the first gets no rights of it', () => {
  const base = read(`jobs: [${BUILD}, project: stable}]`)
  const { config } = keepPrivileged(read(`jobs: [${BUILD}}, ${BUILD}, project: stable}]`), base)
  assert.deepEqual(
    config.jobs.map((job) => job.packages.hello?.project),
    ['stable', null],
  )
})

test('without a configuration in the base branch a fork has no privileged settings at all', () => {
  const { config, notes } = keepPrivileged(read(`jobs: [${BUILD}, project: evil, enable_net: true}]`), null)
  assert.deepEqual([config.jobs[0]?.packages.hello?.project, config.jobs[0]?.packages.hello?.enable_net], [null, false])
  assert.equal(notes.length, 1)
})

test('a fork names its targets, and adds nothing to them', () => {
  const job = (targets: string) => read(`jobs: [{job: copr_build, trigger: pull_request, targets: ${targets}}]`)
  const base = job('{fedora-45: {additional_repos: [https://acme.example]}}')
  const head = job(
    '{fedora-45: {additional_repos: [https://evil.example], distros: [Fedora-45]}, epel-10: {with_opts: [evil], additional_packages: [evil], additional_modules: "e:1", without_opts: [x]}}',
  )
  const { config, notes } = keepPrivileged(head, base)
  assert.deepEqual(config.jobs[0]?.packages.hello?.targets, {
    'fedora-45': { distros: ['Fedora-45'], additional_repos: ['https://acme.example'] },
    'epel-10': {},
  })
  assert.match(notes.join(), /targets/)
  assert.equal(PRIVILEGED_OF_TARGET.length, 5)
})

test('everything else is the fork’s own, and nothing is told where nothing was changed', () => {
  const text = `project: stable
actions: {post-upstream-clone: make}
jobs:
- ${BUILD}, project: stable, enable_net: true}
- {job: copr_build, trigger: release, targets: [fedora-stable], owner: '@acme'}
`
  const same = read(text)
  assert.deepEqual(keepPrivileged(same, same), { config: same, notes: [] })
  const { config, notes } = keepPrivileged(read(text.replace('make}', 'make more}').replace('@acme', 'x')), same)
  assert.deepEqual(config.packages.hello?.actions, { 'post-upstream-clone': 'make more' })
  // no job of a pull request is concerned
  assert.deepEqual(notes, [])
  assert.equal(config.jobs[1]?.packages.hello?.owner, '@acme')
})
