import { createLocalTester, type LocalTesterOptions } from './local/local-tester.ts'
import type { Tester } from './tester.ts'
import { createTestingFarm } from './testing-farm/testing-farm.ts'

/** Where Testing Farm is, as the settings have it. */
export interface TestingFarmSettings {
  url: string
  token: string | undefined
  internalUrl: string | undefined
  internalToken: string | undefined
}

export interface TesterDeps extends LocalTesterOptions {
  /** A line for the service log. */
  warn?: (line: string) => void
}

/** Who tests packages on this installation: Testing Farm where there is a token for it, else this machine. */
export function createTester({ testingFarm }: { testingFarm: TestingFarmSettings }, deps: TesterDeps): Tester {
  const { url, token, internalUrl, internalToken } = testingFarm
  if (token === undefined) return createLocalTester(deps)
  const { now, warn } = deps
  return createTestingFarm({
    public: { url, token, setting: 'PACKIT_TESTING_FARM_TOKEN' },
    internal: internalToken
      ? { url: internalUrl ?? url, token: internalToken, setting: 'PACKIT_TESTING_FARM_INTERNAL_TOKEN' }
      : undefined,
    ...(now ? { now } : {}),
    ...(warn ? { warn } : {}),
  })
}
