import { isReachable } from '../domain/srpm/where.ts'
import { ownUrlOf } from './own-url.ts'
import type { Config } from './types.ts'

/** The Copr that builds; undefined where another builder does. */
export function coprUrlOf({ builder, copr }: Pick<Config, 'builder' | 'copr'>): string | undefined {
  return builder === 'copr' ? copr?.url : undefined
}

/** Copr fetches from us what makes an SRPM there: who wants that of each project has to be reachable. */
export function findUnreachable(config: Config): string[] {
  const coprUrl = coprUrlOf(config)
  if (config.coprSources !== 'copr' || coprUrl === undefined) return []
  // then nothing is read without a token
  if (config.privateNamespaces.length > 0)
    return [
      'PACKIT_COPR_SOURCES is "copr", and Copr, which has no token, can read nothing here because of PACKIT_PRIVATE_NAMESPACES; expected: auto or here, or no private namespaces',
    ]
  const own = ownUrlOf(config)
  if (isReachable(own, coprUrl)) return []
  return [
    `PACKIT_COPR_SOURCES is "copr", and ${coprUrl} can't fetch from ${own}; expected: a PACKIT_PUBLIC_URL that it reaches, or auto or here`,
  ]
}
