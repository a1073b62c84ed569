import type { Setting } from '../setting.ts'

/** How packages are built, and what that may take. */
export const BUILDS = [
  {
    name: 'PACKIT_BUILDER',
    expects: 'local, mock or copr',
    default: '',
    about: 'What builds RPMs; unset = Copr where it is set up, else this machine by rpmbuild.',
  },
  {
    name: 'PACKIT_COPR_URL',
    expects: 'an http or https address',
    default: '',
    about: 'The Copr to build in, e.g. `https://copr.fedorainfracloud.org`. All four settings of Copr belong together.',
  },
  {
    name: 'PACKIT_COPR_LOGIN',
    expects: 'the login of an API token, without a colon',
    default: '',
    about: 'Login of the API token; it is not the name of the account.',
    secret: true,
  },
  {
    name: 'PACKIT_COPR_TOKEN',
    expects: 'an API token, without a colon',
    default: '',
    about: 'The API token.',
    secret: true,
  },
  {
    name: 'PACKIT_COPR_OWNER',
    expects: 'the name of an account, or @group',
    default: '',
    about: 'Whose the projects are that are made in Copr: the account of the token, or a group of it.',
  },
  {
    name: 'PACKIT_POLL_INTERVAL',
    expects: 'a duration such as 30s, 2m',
    default: '2m',
    about: 'How long a running build or test may go unlooked at: what the loss of every message costs at most.',
  },
  {
    name: 'PACKIT_GIT_ALLOW',
    expects: 'folders and hosts, separated by commas',
    default: '',
    about: 'Repositories on this machine (below these folders) or own hosts that may be fetched.',
  },
  {
    name: 'PACKIT_NET_ALLOW',
    expects: 'networks such as 10.1.0.0/16 and host names, separated by commas',
    default: '',
    about: 'Own networks that builds may download from and git may fetch from.',
  },
  {
    name: 'PACKIT_SANDBOX_NETWORK',
    expects: 'none or srpm',
    default: 'none',
    about: '`srpm`: making the SRPM (actions) may use the network, as in the existing service.',
  },
  {
    name: 'PACKIT_BUILD_PARALLEL',
    expects: 'a number from 1 to 64',
    default: '2',
    about: 'How many sandboxes run at a time, on each machine that builds.',
  },
  {
    name: 'PACKIT_PROJECT_PARALLEL',
    expects: 'a number from 1 to 1000, or 0 = no limit',
    default: '0',
    about:
      'How many SRPMs of one project are made, and how many of its builds run in Copr, at a time, in the whole installation.',
  },
  {
    name: 'PACKIT_COPR_PARALLEL',
    expects: 'a number from 1 to 100000, or 0 = no limit',
    default: '0',
    about: 'How many builds run in Copr at a time; the others wait here, and projects take turns.',
  },
  {
    name: 'PACKIT_COPR_SOURCES',
    expects: 'auto, here or copr',
    default: 'auto',
    about:
      'Whose SRPMs Copr makes itself, with the network: `auto` = of projects with actions or `srpm_build_deps`, `copr` = of all that it can, `here` = of none.',
  },
  {
    name: 'PACKIT_DRAIN_TIME',
    expects: 'a duration such as 5s, or 0',
    default: '5s',
    about: 'How long `web` goes on answering after it was told to stop, so that a proxy learns of it by `/api/readyz`.',
  },
  {
    name: 'PACKIT_BUILD_TIME',
    expects: 'a duration such as 90s, 30m, 2h',
    default: '2h',
    about: 'Longest time of one SRPM or build.',
  },
  {
    name: 'PACKIT_BUILD_MEMORY',
    expects: 'a size such as 512M, 4G',
    default: '4G',
    about: 'Most memory of one SRPM or build, its work tree included.',
  },
  {
    name: 'PACKIT_BUILD_PROCESSES',
    expects: 'a number from 16 to 100000',
    default: '1024',
    about: 'Most processes of one SRPM or build.',
  },
  {
    name: 'PACKIT_BUILD_DISK',
    expects: 'a size such as 512M, 4G',
    default: '2G',
    about: 'Size of the work tree of one SRPM or build (in memory).',
  },
  {
    name: 'PACKIT_BUILD_LOG',
    expects: 'a size such as 64M',
    default: '100M',
    about: 'Longest log of one SRPM or build.',
  },
] as const satisfies readonly Setting[]
