import type { BuildOptions } from '../../domain/build-options.ts'
import { ConfigError } from '../../domain/errors.ts'
import type { ToBuild } from '../builder.ts'
import type { WantedProject } from './project-changes.ts'

const LONGEST_TIMEOUT_SECONDS = 108_000

/**
 * The project that a build belongs in, as it has to be for that.
 *
 * @param of  whose the made up projects are, how long Copr keeps them, and the chroots that Copr has
 * @throws {ConfigError} when none of the build's chroots is among these
 */
export function wantedProject(
  build: ToBuild,
  of: { owner: string; keepDays: number; chroots: readonly string[] },
): WantedProject {
  const available = new Set(of.chroots)
  const chroots = build.chroots.filter((chroot) => available.has(chroot))
  if (chroots.length === 0) throw new ConfigError(`Copr builds for none of ${build.chroots.join(', ')}.`)
  const said = build.options ?? DEFAULTS
  return {
    owner: said.owner ?? of.owner,
    name: said.project ?? toProjectName(build.project),
    isOurs: said.project === null && (said.owner === null || said.owner === of.owner),
    chroots,
    forgeProject: build.forgeProject ?? null,
    options: said,
    keepDays: of.keepDays,
  }
}

const DEFAULTS: BuildOptions = {
  ...{ owner: null, project: null, timeoutSeconds: null, enableNet: false, bootstrap: 'default' },
  ...{ moduleHotfixes: false, listOnHomepage: false, preserveProject: false, followFedoraBranching: true },
  ...{ additionalRepos: [], additionalPackages: [], chroots: {} },
}

/** Options of one build: they hold for it alone, whatever the project is set to. */
export function toBuildFields({ options, forgeProject }: WantedProject): Record<string, unknown> {
  const { timeoutSeconds, enableNet, bootstrap } = options
  return {
    ...(timeoutSeconds === null ? {} : { timeout: Math.min(Math.max(1, timeoutSeconds), LONGEST_TIMEOUT_SECONDS) }),
    ...(enableNet ? { enable_net: true } : {}),
    ...(bootstrap === 'default' ? {} : { bootstrap }),
    ...(forgeProject === null ? {} : { packit_forge_project: forgeProject }),
  }
}

/** Names of ours that are taken have a `~`, which Copr does not know. */
function toProjectName(name: string): string {
  return name.replaceAll('~', '.')
}
