import { SetupError } from '../domain/errors.ts'
import { expandTargets, type TargetTable } from '../domain/targets.ts'
import { createTargets, readNow, type TargetDeps } from '../events/refresh-targets.ts'

/**
 * The aliases of the table in force, with their chroots.
 *
 * @param refresh  ask the sources first, however new the table is
 * @throws {SetupError} when that is switched off
 * @throws {UnavailableError} when a source does not answer as it should; the table stays as it was
 */
export async function showTargets(refresh: boolean, deps: TargetDeps): Promise<string[]> {
  if (refresh && !(await readNow(deps)))
    throw new SetupError('nobody is asked: PACKIT_BODHI_URL or PACKIT_CHROOTS_URL is off')
  return describe(await createTargets(deps).current(), deps.readLists !== undefined)
}

function describe(table: TargetTable, isRefreshed: boolean): string[] {
  const aliases = Object.keys(table.aliases)
  const width = Math.max(...aliases.map((alias) => alias.length))
  const lines = aliases.map((alias) => {
    const chroots = expandTargets([alias], table).chroots.join(' ')
    return `${alias.padEnd(width)}  ${chroots || '-'}`
  })
  const daily = isRefreshed ? 'read anew each day' : 'not read anew: switched off by the settings'
  return [`Targets as of ${table.asOf}, ${daily}; ${table.chroots?.length ?? 0} chroots`, '', ...lines]
}
