import { randomBytes } from 'node:crypto'
import { addAudit } from '../db/audit.ts'
import type { Database } from '../db/database.ts'
import { findOnceLink, insertOnceLink, removeOnceLinks, takeOnceLink } from '../db/once-links.ts'
import { formatSecret, hashSecret, hasSecretForm, ONCE_MS, type OncePurpose, SECRET_BYTES } from '../domain/session.ts'
import type { SetupDeps, SetupLinks } from '../forges/github/setup/routes.ts'

interface LinkDeps {
  database: Pick<Database, 'db'>
  now: () => Date
}

/** Who came by the link of the set-up, as the audit log names them. */
const SETUP_LINK = 'setup link'

/** A code that is good once; what is kept of it is a hash. */
async function makeCode(purpose: OncePurpose, data: Record<string, unknown>, { database, now }: LinkDeps) {
  const code = formatSecret(randomBytes(SECRET_BYTES))
  const expiresAt = new Date(now().getTime() + ONCE_MS[purpose])
  await insertOnceLink(database.db, { hash: hashSecret(code), purpose, data, expiresAt })
  return code
}

/** Signs one in with all rights, once, within a day. */
export async function makeSignInLink(base: string, deps: LinkDeps): Promise<string> {
  return `${base}/sign-in?code=${await makeCode('sign-in', {}, deps)}`
}

/** Leads to the set-up of the GitHub App, once, within a day. */
export async function makeSetupLink(base: string, deps: LinkDeps): Promise<string> {
  return `${base}/setup?code=${await makeCode('setup', { kind: 'link' }, deps)}`
}

/** What the pages of the set-up keep in the database. */
export function setupStore(deps: LinkDeps & { database: Pick<Database, 'db' | 'transaction'> }): {
  links: SetupLinks
  audit: SetupDeps['audit']
} {
  const { database, now } = deps
  const known = (code: string) => ({ hash: hashSecret(code), purpose: 'setup' as const })
  return {
    links: {
      make: (data) => makeCode('setup', data, deps),
      find: async (code) => (hasSecretForm(code) ? findOnceLink(database.db, known(code), now()) : undefined),
      take: async (code) => (hasSecretForm(code) ? takeOnceLink(database.db, known(code), now()) : undefined),
      clear: () => removeOnceLinks(database.db, 'setup'),
    },
    audit: (action, subject, detail) =>
      database.transaction((tx) => addAudit(tx, { actor: SETUP_LINK, action, subject, detail, at: now() })),
  }
}
