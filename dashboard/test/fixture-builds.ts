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
  queue: { waiting: 2, running: 1, oldest_age_s: 42 },
  disk: { ok: true, message: null },
  sandbox: { ok: true, message: null },
  forges: [],
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
