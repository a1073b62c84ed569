import { createCoprClient } from '../../builders/copr/client.ts'
import type { Config, CoprConfig } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

const TIMEOUT_MS = 10_000

/** Whether Copr can be reached, accepts the token, and lets it make projects for the owner that is set. */
export async function checkCopr(copr: CoprConfig): Promise<Finding[]> {
  const client = createCoprClient({ ...copr, timeoutMs: TIMEOUT_MS })
  try {
    const name = await client.findOwnName()
    const accepted = ok(`Copr (${copr.url}) accepts the token of ${name}`)
    if (copr.owner.startsWith('@'))
      return [accepted, ok(`projects are made for ${copr.owner}: ${name} has to be in it`)]
    if (copr.owner === name) return [accepted]
    const what = `PACKIT_COPR_OWNER is ${copr.owner}, and the token is of ${name}, who can't make projects there`
    return [accepted, problem(what, `Set PACKIT_COPR_OWNER to ${name}, or to a @group of it.`)]
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (error instanceof SetupError) return [problem(why, 'See docs/copr.md.')]
    return [warning(why, 'Builds wait until it answers; see PACKIT_COPR_URL.')]
  }
}

/**
 * Refuses to start with settings that can't work. A Copr that is away is no reason: builds wait for it.
 *
 * @returns what to tell the operator
 */
export async function refuseWrongCopr({ builder, copr }: Pick<Config, 'builder' | 'copr'>): Promise<Finding[]> {
  if (builder !== 'copr' || !copr) return []
  const findings = await checkCopr(copr)
  const wrong = findings.filter(({ state }) => state === 'problem')
  if (wrong.length > 0) throw new SetupError(wrong.map(({ what, advice }) => `${what}. ${advice ?? ''}`).join('\n'))
  return findings.filter(({ state }) => state !== 'ok')
}
