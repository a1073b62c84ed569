/** What lets git read a private repository, and for which server it is. */
export interface Credentials {
  /** Scheme, host and port. */
  origin: string
  authorization: string
}

/**
 * The credentials for the server of a repository.
 *
 * @returns `undefined` for repositories that aren't reached by https (or http): there is no such header for them
 */
export function credentialsFor(url: string, authorization: string): Credentials | undefined {
  if (!/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(authorization)) throw new TypeError('the authorization is no header value')
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed && /^https?:$/.test(parsed.protocol) ? { origin: parsed.origin, authorization } : undefined
}

/**
 * Environment by which git sends the credentials, to their server alone. In the environment they are seen by nobody else
 * on this machine (a command line is), and written nowhere.
 */
export function credentialsEnv(credentials: Credentials | undefined, href: string): Record<string, string> {
  if (!credentials || !URL.canParse(href) || new URL(href).origin !== credentials.origin) return {}
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${credentials.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${credentials.authorization}`,
    // also where the headers are traced, to find out where a redirect leads
    GIT_TRACE_REDACT: '1',
  }
}
