import { isReachable, type SourceRule } from '../domain/srpm/where.ts'

/** Copr fetches from us what makes an SRPM there: who wants that of each project has to be reachable. */
export function findUnreachable(settings: {
  rule: SourceRule
  coprUrl: string | undefined
  publicUrl: string | undefined
  /** Then nothing is read without a token. */
  privateNamespaces: readonly string[]
  host: string
  port: number
}): string[] {
  const { rule, coprUrl, publicUrl, privateNamespaces, host, port } = settings
  if (rule !== 'copr' || coprUrl === undefined) return []
  if (privateNamespaces.length > 0)
    return [
      'PACKIT_COPR_SOURCES is "copr", and Copr, which has no token, can read nothing here because of PACKIT_PRIVATE_NAMESPACES; expected: auto or here, or no private namespaces',
    ]
  const own = publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  if (isReachable(own, coprUrl)) return []
  return [
    `PACKIT_COPR_SOURCES is "copr", and ${coprUrl} can't fetch from ${own}; expected: a PACKIT_PUBLIC_URL that it reaches, or auto or here`,
  ]
}
