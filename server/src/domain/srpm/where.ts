import { bareHost, findRefusal, isHostPattern, PUBLIC_ONLY } from '../net-address.ts'
import type { SrpmInput } from '../srpm-input.ts'

/** Where SRPMs are made: `auto` = in Copr where a project needs the network for that, else here. */
export const SOURCE_RULES = ['auto', 'here', 'copr'] as const
export type SourceRule = (typeof SOURCE_RULES)[number]

/** What an operator has decided on it. */
export interface SourcePlace {
  rule: SourceRule
  /** Address of the Copr; undefined where another builder is used. */
  coprUrl: string | undefined
  /** Where Copr would fetch the program from; undefined where reading needs a token, which Copr has none of. */
  ownUrl: string | undefined
}

type Options = Pick<SrpmInput['options'], 'actions' | 'srpm_build_deps'>
type Source = Pick<SrpmInput, 'baseUrl' | 'headUrl'> & { options: Options }

/**
 * Whether the SRPM of a run is made in Copr's own source step, which has the network and can install packages.
 *
 * @param isPrivate  the repository is: nothing of it may be handed to Copr
 */
export function isMadeInCopr(source: Source, isPrivate: boolean, { rule, coprUrl, ownUrl }: SourcePlace): boolean {
  if (coprUrl === undefined || rule === 'here' || isPrivate) return false
  if (ownUrl === undefined || !isReachable(ownUrl, coprUrl)) return false
  if (![source.baseUrl, source.headUrl].every((url) => isOpenTo(url, coprUrl))) return false
  return rule === 'copr' || needsNetwork(source.options)
}

/** Actions run a project's own programs, which fetch what they need; packages that it names have to be installed. */
function needsNetwork({ actions, srpm_build_deps }: Options): boolean {
  return (srpm_build_deps ?? []).length > 0 || SOURCE_ACTIONS.some((action) => Object.hasOwn(actions, action))
}

/** The actions that are run while an SRPM is made. */
const SOURCE_ACTIONS = [
  'post-upstream-clone',
  'get-current-version',
  'create-archive',
  'create-patches',
  'fix-spec-file',
  'changelog-entry',
  'post-modifications',
] as const

/** What is said of an SRPM that Copr is to make, and has not begun with. */
export const WAITS_FOR_COPR = 'it waits for Copr'

/** Whether the next step of an SRPM is Copr's. */
export function isAtCopr(srpm: { coprBuildId: string | null; reason: string | null }): boolean {
  return srpm.coprBuildId !== null || srpm.reason === WAITS_FOR_COPR
}

/** A repository that Copr can fetch without a key of ours; an address with a password is told to nobody. */
function isOpenTo(url: string, coprUrl: string): boolean {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '') return false
  return isReachable(url, coprUrl)
}

/** Whether the machines of a Copr can reach an address, as far as the names tell. */
export function isReachable(url: string, coprUrl: string): boolean {
  return !isInner(url) || isInner(coprUrl)
}

/** Names that mean something in one network only. */
const INNER_NAME = /(^|\.)(localhost|local|localdomain|lan|internal|intranet|home\.arpa|test|svc)$/

function isInner(url: string): boolean {
  const host = bareHost(URL.parse(url)?.hostname ?? '')
  if (isHostPattern(host)) return !host.includes('.') || INNER_NAME.test(host)
  return findRefusal(host, PUBLIC_ONLY) !== undefined
}
