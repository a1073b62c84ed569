import type { ComparedStep, Comparison } from '../src/api/compare-queries.ts'
import type { Project, RpmBuild, ServiceStatus, SrpmBuild } from '../src/api/types.ts'
import { CHECK_CAUSE, NOW, SHA, triggerOf } from './fixtures.ts'

const NAMES: readonly [forge: string, namespace: string, name: string][] = [
  ['github.com', 'acme', 'hello'],
  ['github.com', 'acme', 'hallo-welt'],
  ['github.com', 'rust-things', 'rust-cursor-of-a-very-long-name-that-tells-what-it-does'],
  ['gitlab.com', 'group/sub', 'tool'],
  ['localhost', '-', 'plain'],
]

export function sampleProjects(): Project[] {
  return NAMES.map(([forge, namespace, repo_name], index) => ({
    forge,
    namespace,
    repo_name,
    project_url: `https://${forge}/${namespace}/${repo_name}`,
    prs_handled: 17 * (index + 1),
    branches_handled: 1 + index,
    releases_handled: 3 * index,
    issues_handled: 0,
    last_activity_at: NOW - 7200 * (index + 1),
  }))
}

export const SRPM: SrpmBuild = {
  ...triggerOf('acme', 'hello', 42),
  status: 'success',
  state: 'success',
  reason: null,
  cancel_reason: null,
  build_submitted_time: NOW - 600,
  build_start_time: NOW - 599,
  build_finished_time: NOW - 590,
  url: 'https://packit.example.org/repos/acme-hello-42/srpm/hello-2.12.1-1.src.rpm',
  logs: null,
  logs_url: null,
  copr_build_id: null,
  copr_web_url: null,
  run_ids: [42],
  commit_sha: SHA,
  nvr: 'hello-2.12.1-1',
  builder: 'local',
  package: 'hello',
  identifier: null,
  run_id: 42,
  queued_at: NOW - 600,
  started_at: NOW - 599,
  ended_at: NOW - 590,
  log: '/api/srpm-builds/12/log',
  log_size: 1000,
  install: [],
  cause: null,
}

export const BUILD: RpmBuild = {
  ...triggerOf('acme', 'hello', 42),
  build_id: '9',
  status: 'failure',
  state: 'failure',
  cancel_reason: null,
  reason: '%check failed',
  chroot: 'fedora-rawhide-x86_64',
  build_submitted_time: NOW - 590,
  build_start_time: NOW - 586,
  build_finished_time: NOW - 560,
  commit_sha: SHA,
  web_url: null,
  build_logs_url: null,
  copr_project: 'acme-hello-42',
  copr_owner: null,
  srpm_build_id: 12,
  run_ids: [42],
  built_packages: null,
  log_detective_runs: [],
  builder: 'local',
  package: 'hello',
  identifier: null,
  run_id: 42,
  queued_at: NOW - 590,
  started_at: NOW - 586,
  ended_at: NOW - 560,
  log: '/api/copr-builds/31/log',
  log_size: 1000,
  install: [],
  cause: CHECK_CAUSE,
}

export const STATUS: ServiceStatus = {
  version: '0.1.0',
  public_url_set: false,
  builders: [{ name: 'local', chroots: ['host-debian-12-x86_64'], note: 'on this machine, not in a clean root' }],
  backends: [],
  queue: { waiting: 2, running: 1, oldest_age_s: 42 },
  processes: [
    { role: 'serve', host: 'here', version: '0.1.0', slots: 2, started_at: 1_790_000_000, seen_at: 1_790_000_000 },
  ],
  disk: { ok: true, message: null },
  sandbox: { ok: true, message: null },
  forges: [],
  targets: { as_of: '2026-11-24', refreshed: true },
  webhook: { git: true, github: false },
}

/** A build log with the failure of `CHECK_CAUSE` where the cause says it is. */
export function failedLog(): string {
  const lines = Array.from(
    { length: 240 },
    (_, i) => `gcc -DHAVE_CONFIG_H -O2 -g -Wall -c -o src/hello-${i + 1}.o src/hello-${i + 1}.c`,
  )
  lines[0] = '+ umask 022'
  lines[1] = '\x1b[1m\x1b[32mExecuting(%build)\x1b[0m: /bin/sh -e /var/tmp/rpm-tmp.fC9Dqk'
  for (const { number, text } of CHECK_CAUSE.lines) lines[number - 1] = text
  return `${lines.join('\n')}\n`
}

const REST: Pick<ComparedStep, 'identifier' | 'packages' | 'slower_s'> = {
  identifier: null,
  packages: [],
  slower_s: null,
}
const sideOf = (id: number, state: 'success' | 'failure', duration_s: number) => {
  return { id, state, duration_s, page: `/jobs/copr/${id}` }
}

/** The run that failed, held against the newest of the branch: one failure is new, one was there before. */
export const COMPARISON: Comparison = {
  a: {
    merged_run_id: 30,
    page: '/pipeline/30',
    state: 'failure',
    package: 'hello',
    nvr: 'hello-2.12.0-1',
    commit: 'ffeeddccbbaa00998877665544332211ffeeddcc',
    title: null,
    trigger: { ...triggerOf('acme', 'hello', null), branch_name: 'main' },
    created_at: NOW - 90_000,
    ended_at: NOW - 89_940,
  },
  b: {
    merged_run_id: 42,
    page: '/pipeline/42',
    state: 'failure',
    package: 'hello',
    nvr: 'hello-2.12.1-1',
    commit: SHA,
    title: 'Greet also in the rain',
    trigger: triggerOf('acme', 'hello', 42),
    created_at: NOW - 600,
    ended_at: NOW - 540,
  },
  steps: [
    {
      ...REST,
      kind: 'srpm',
      target: null,
      change: 'still passing',
      a: sideOf(9, 'success', 9),
      b: sideOf(12, 'success', 9),
    },
    {
      ...REST,
      kind: 'build',
      target: 'fedora-rawhide-x86_64',
      change: 'new failure',
      a: sideOf(21, 'success', 20),
      b: sideOf(31, 'failure', 26),
      packages: [{ name: 'hello', arch: 'x86_64', a: '2.12.0-1.fc44', b: null, change: 'gone' }],
    },
    {
      ...REST,
      kind: 'build',
      target: 'fedora-43-x86_64',
      change: 'already failing',
      a: sideOf(22, 'failure', 27),
      b: sideOf(32, 'failure', 28),
    },
    {
      ...REST,
      kind: 'build',
      target: 'epel-10-x86_64',
      change: 'still passing',
      a: sideOf(23, 'success', 29),
      b: sideOf(33, 'success', 29),
      packages: [
        { name: 'hello', arch: 'x86_64', a: '2.12.0-1.el10', b: '2.12.1-1.el10', change: 'changed' },
        { name: 'hello-doc', arch: 'noarch', a: null, b: '2.12.1-1.el10', change: 'new' },
        { name: 'hello-data', arch: 'noarch', a: '1-1.el10', b: '1-1.el10', change: 'same' },
      ],
    },
    { ...REST, kind: 'build', target: 'epel-9-x86_64', change: 'gone', a: sideOf(24, 'success', 31), b: null },
  ],
}
