import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBuildOptions } from '../../domain/build-options.ts'
import { ConfigError } from '../../domain/errors.ts'
import { DEFAULTS } from '../../domain/package-config/options.ts'
import type { PackageOptions } from '../../domain/package-config/types.ts'
import type { CoprProject } from './answers.ts'
import { decideProjectChanges, isLetIn } from './project-changes.ts'
import { toBuildFields, wantedProject } from './wanted.ts'

const FEDORA = 'fedora-45-x86_64'
const OURS = { owner: 'packit', keepDays: 60, chroots: [FEDORA] }

/** What a configuration with these settings wants of Copr. */
function want(set: Partial<PackageOptions> = {}, more: object = {}) {
  const options = readBuildOptions({ ...DEFAULTS, ...set } as PackageOptions)
  const build = { id: 1, chroots: [FEDORA], project: 'acme-hello-1', forgeProject: 'github.com/acme/hello' }
  return wantedProject({ ...build, options, ...more }, OURS)
}

test('what Copr does not build for is left out; where nothing is left the packager is told', () => {
  assert.deepEqual(want({}, { chroots: ['fedora-1-x86_64', FEDORA] }).chroots, [FEDORA])
  assert.throws(() => want({}, { chroots: ['fedora-1-x86_64'] }), ConfigError)
})

test('a project is ours when nobody named it; a name of ours has no character that Copr refuses', () => {
  assert.equal(want({}, { project: 'acme-hello-1~2' }).name, 'acme-hello-1.2')
  const of = (set: Partial<PackageOptions>) => {
    const { owner, name, isOurs } = want(set)
    return [owner, name, isOurs]
  }
  assert.deepEqual(of({}), ['packit', 'acme-hello-1', true])
  assert.deepEqual(of({ owner: 'packit' }), ['packit', 'acme-hello-1', true])
  assert.deepEqual(of({ project: 'hello' }), ['packit', 'hello', false])
  assert.deepEqual(of({ owner: 'ann' }), ['ann', 'acme-hello-1', false])
})

test('a build says for which repository it is, and of its options what is not the default, within what Copr takes', () => {
  const forge = { packit_forge_project: 'github.com/acme/hello' }
  assert.deepEqual(toBuildFields(want()), forge)
  assert.deepEqual(toBuildFields(want({ timeout: 500_000 })), { ...forge, timeout: 108_000 })
  assert.deepEqual(toBuildFields(want({ timeout: 0 })), { ...forge, timeout: 1 })
  assert.deepEqual(toBuildFields(want({ bootstrap: 'off', enable_net: true })), {
    ...{ ...forge, bootstrap: 'off', enable_net: true },
  })
})

test('of a project of ours the home page and who is let in are seen to, of others they are not', () => {
  const project: CoprProject = {
    ...{ owner: 'packit', name: 'hello', chroots: [FEDORA], additionalRepos: [], bootstrap: 'default' },
    ...{ moduleHotfixes: false, isUnlisted: true, allowedForgeProjects: ['github.com/acme/other'] },
  }
  assert.deepEqual(decideProjectChanges(project, want({ list_on_homepage: true })), {
    unlisted_on_hp: false,
    packit_forge_projects_allowed: ['github.com/acme/other', 'github.com/acme/hello'],
  })
  assert.deepEqual(decideProjectChanges(project, want({ list_on_homepage: true, project: 'hello' })), {})
})

test('a pattern lets in what it matches as a whole', () => {
  const lets = (pattern: string) => isLetIn('github.com/acme/hello', [pattern])
  for (const pattern of ['github.com/acme/hello', 'github.com/acme/*', '*/hello', 'github.com/*/h*o', '*']) {
    assert.ok(lets(pattern), pattern)
  }
  for (const pattern of ['', 'github.com/acme/hell', 'acme/hello', 'github.com/acme/hello*x', '*/acme/*/hello']) {
    assert.ok(!lets(pattern), pattern)
  }
})
