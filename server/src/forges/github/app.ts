/** What a GitHub App is known by. */
export interface GithubApp {
  appId: number
  /** Its name in addresses; null when only settings tell of the App and it was not asked yet. */
  slug: string | null
  /** RSA, in PEM form. */
  privateKey: string
  webhookSecret: string
  /** Of the sign-in; null where there is none. */
  oauth: { clientId: string; clientSecret: string } | null
  /** Without a slash at the end. */
  apiUrl: string
}

/** The App as it is set up now: `/setup` may make one while the service runs. */
export type CurrentApp = () => GithubApp | undefined

/** Host of a GitHub from the address of its API: `https://api.github.com`, `https://github.example.org/api/v3`. */
export function hostOfApi(apiUrl: string): string {
  const { hostname } = new URL(apiUrl)
  return hostname === 'api.github.com' ? 'github.com' : hostname
}
