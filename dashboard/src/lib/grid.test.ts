import { expect, test } from 'vitest'
import { columnsOf, newestRun, openFirst, partsOf, runsOf, usualKind } from './grid.ts'

const cells = (...targets: string[]) => ({ cells: Object.fromEntries(targets.map((target) => [target, {} as never])) })

test('columns go by distribution, the newest release first, each target once', () => {
  const rows = [
    cells('fedora-44-x86_64', 'epel-9-x86_64', 'fedora-rawhide-s390x'),
    cells('epel-10-x86_64', 'fedora-rawhide-x86_64', 'fedora-44-x86_64', 'fedora-rawhide-aarch64'),
  ]
  expect(columnsOf(rows)).toEqual([
    'epel-10-x86_64',
    'epel-9-x86_64',
    'fedora-rawhide-x86_64',
    'fedora-rawhide-aarch64',
    'fedora-rawhide-s390x',
    'fedora-44-x86_64',
  ])
})

test('a target without an architecture stays whole', () => {
  expect(partsOf('rawhide')).toMatchObject({ name: 'rawhide', arch: '' })
  expect(partsOf('opensuse-tumbleweed-x86_64')).toMatchObject({ name: 'opensuse-tumbleweed', arch: 'x86_64' })
})

test('open rows come first, otherwise in their order', () => {
  const row = (id: number, open: boolean) => ({ id, open })
  expect(openFirst([row(4, false), row(3, true), row(2, false), row(1, true)]).map(({ id }) => id)).toEqual([
    3, 1, 4, 2,
  ])
})

test('a row leads to its newest run, whatever package that is of', () => {
  const run = (id: number) =>
    ({ merged_run_id: id, package: `p${id}`, state: 'success', commit: null, created_at: 0 }) as const
  expect(newestRun({ latest: [run(7), run(9), run(8)] })).toBe(9)
  expect(newestRun({ latest: [] })).toBeNull()
})

test('a row leads to the runs of its pull request, branch or release', () => {
  const none = { pr_id: null, branch_name: null, release: null }
  expect(runsOf('f/a/b', { ...none, pr_id: 4 })).toEqual({ project: 'f/a/b', pr: 4 })
  expect(runsOf('f/a/b', { ...none, branch_name: 'main' })).toEqual({ project: 'f/a/b', branch: 'main' })
  expect(runsOf('f/a/b', { ...none, release: 'v1' })).toEqual({ project: 'f/a/b', release: 'v1' })
})

test('a project without pull requests is looked at for its branches, then its releases', () => {
  const project = (prs: number, branches: number, releases: number) => {
    return { prs_handled: prs, branches_handled: branches, releases_handled: releases }
  }
  expect(usualKind(project(1, 1, 1))).toBe('pull_request')
  expect(usualKind(project(0, 1, 1))).toBe('branch')
  expect(usualKind(project(0, 0, 1))).toBe('release')
  expect(usualKind(project(0, 0, 0))).toBe('pull_request')
})
