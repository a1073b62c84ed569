interface Named {
  name: string | null
  by: 'token' | 'forge' | 'link' | null
  login: string | null
}

/** What somebody is called in the page's head: their name at the forge, the token's name, or “operator”. */
export function nameOf({ name, by, login }: Named): string {
  if (login !== null) return login
  if (by === 'link') return 'operator'
  return /\((.+)\)$/.exec(name ?? '')?.[1] ?? name ?? ''
}

const PROBLEMS = {
  none: 'Signing in at a forge is not set up here.',
  refused: 'The sign-in was not finished there. Try again, and allow it.',
  expired: 'That took too long, or was begun in another browser. Begin again.',
  away: 'The forge does not answer at the moment. Try again in a minute.',
} as const

export type SignInProblem = keyof typeof PROBLEMS
export const SIGN_IN_PROBLEMS = Object.keys(PROBLEMS) as SignInProblem[]

export function problemText(problem: SignInProblem): string {
  return PROBLEMS[problem]
}

/** A page of ours to go back to; the home page for anything that could lead elsewhere. */
export function safeBack(text: string | undefined): string {
  return text !== undefined && /^\/(?![/\\])/.test(text) && !text.startsWith('/sign-in') ? text : '/'
}

/** What scopes allow, in words for people. */
export const SCOPE_TEXTS: Record<string, string> = {
  admin: 'everything',
  'runs:write': 'trigger, retry and cancel runs',
  'deliveries:read': 'see payloads of deliveries',
  'deliveries:write': 'have deliveries decided again',
  read: 'read',
}

/** What the address of the sign-in page says. */
export interface SignInSearch {
  /** Where to go afterwards. */
  back?: string | undefined
  /** Of a link that the machine of the service printed. */
  code?: string | undefined
  /** Why one came back from the forge without being signed in. */
  problem?: SignInProblem | undefined
}
