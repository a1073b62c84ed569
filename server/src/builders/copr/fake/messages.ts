import type { FakeBuild } from './state.ts'

/** A message of the bus as a listener gets it: the topic without its prefix, and the body. */
export interface CoprMessage {
  topic: 'copr.build.start' | 'copr.build.end' | 'copr.chroot.start'
  body: {
    build: number
    /** `srpm-builds` for the source. */
    chroot: string
    status: number
    owner: string
    copr: string
    pkg: string | null
    version: string | null
    user: string | null
    ip: string | null
    who: string
    pid: number
    what: string
  }
}

export const SOURCE = 'srpm-builds'
const RUNNING = 3
const STATUS = { succeeded: 1, failed: 0 } as const

/** What is told when a chroot, or the source, begins: the second is a byproduct of every start. */
export function startMessages(build: FakeBuild, chroot: string): CoprMessage[] {
  const body = bodyOf(build, chroot, RUNNING, 'build start')
  return [
    { topic: 'copr.chroot.start', body },
    { topic: 'copr.build.start', body },
  ]
}

export function endMessage(build: FakeBuild, chroot: string, end: keyof typeof STATUS): CoprMessage {
  return { topic: 'copr.build.end', body: bodyOf(build, chroot, STATUS[end], 'build end') }
}

function bodyOf(build: FakeBuild, chroot: string, status: number, what: string): CoprMessage['body'] {
  const { id, project, source, submitter } = build
  const isSource = chroot === SOURCE
  return {
    ...{ build: id, chroot, status, owner: project.owner, copr: project.name, user: submitter },
    pkg: isSource ? null : source.name,
    version: isSource ? null : source.version,
    ...{ ip: '2001:db8::1', who: 'backend.worker-rpm_build', pid: 1000 + (id % 1000) },
    what: `${what}: user:${submitter} copr:${project.name} build:${id} chroot:${chroot}`,
  }
}
