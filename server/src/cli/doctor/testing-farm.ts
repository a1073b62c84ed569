import type { Config } from '../../config.ts'
import { createClient, type FarmAccess } from '../../testers/testing-farm/client.ts'
import type { Ranch } from '../../testers/testing-farm/composes.ts'
import { readComposes } from '../../testers/testing-farm/protocol.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

const TIMEOUT_MS = 10_000
const WHERE = 'See docs/testing.md, “Testing Farm”.'

/** Who tests packages, whether it answers, and whether it takes our tokens. */
export async function checkTesting({ testingFarm, publicUrl }: Config): Promise<Finding[]> {
  const { url, token, internalUrl, internalToken } = testingFarm
  if (token === undefined) return [ok('packages are tested on this machine: no token of Testing Farm is set')]
  const setting = 'PACKIT_TESTING_FARM_TOKEN'
  const found = [...(await checkRanch('public', { url, token, setting })), ...checkNotifications(publicUrl)]
  if (internalToken === undefined) return found
  const internal = { url: internalUrl ?? url, token: internalToken, setting: 'PACKIT_TESTING_FARM_INTERNAL_TOKEN' }
  return [...found, ...(await checkRanch('redhat', internal))]
}

async function checkRanch(ranch: Ranch, access: FarmAccess): Promise<Finding[]> {
  const client = createClient({ ...access, timeoutMs: TIMEOUT_MS })
  try {
    const names = readComposes((await client.get(`/composes/${ranch}`)).body)
    if (names === undefined)
      return [
        problem(`${access.url} says nothing of the composes of the ranch ${ranch}`, `Look at its address. ${WHERE}`),
      ]
    const { status, body } = await client.get('/whoami')
    const composes = ok(`Testing Farm answers: its ranch ${ranch} has ${names.length} kinds of composes`)
    if (status === 404) return [composes, warning(`whether it takes ${access.setting} can't be asked`, WHERE)]
    return [composes, judgeToken(body, ranch, access.setting)]
  } catch (error) {
    return [problem(error instanceof Error ? error.message : String(error), WHERE)]
  }
}

function judgeToken(answer: unknown, ranch: Ranch, setting: string): Finding {
  const { token } = (answer ?? {}) as { token?: { name?: unknown; ranch?: unknown } }
  const own = token?.ranch
  if (typeof own === 'string' && own !== ranch)
    return problem(
      `${setting} is a token of the ranch ${own}, not of ${ranch}`,
      `Set one of the ranch ${ranch}. ${WHERE}`,
    )
  return ok(`it takes the token of ${setting}${typeof token?.name === 'string' ? ` (${token.name})` : ''}`)
}

/** Without an address nobody can tell us; polling finds it later. */
function checkNotifications(publicUrl: string | undefined): Finding[] {
  if (publicUrl !== undefined) return []
  const what = 'Testing Farm can tell nothing of the end of tests: PACKIT_PUBLIC_URL is not set'
  return [warning(what, 'Set it; until then the service asks from time to time.')]
}
