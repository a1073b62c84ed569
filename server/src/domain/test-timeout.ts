import type { PackageOptions } from './package-config/types.ts'

/** The default of `timeout`: where nobody wrote another, the test runner's own limit holds. */
const DEFAULT_TIMEOUT_SECONDS = 7200

type Limits = Pick<PackageOptions, 'timeout' | 'tf_extra_params'>

/**
 * How long the tests of a job may run, in whole minutes: `settings.pipeline.timeout` of its `tf_extra_params`, else the `timeout` of
 * the job, in seconds. What the package says for all of its jobs is meant for builds, and cuts no tests short.
 *
 * @param ofPackage  the settings that the job inherits
 * @returns          null = as long as the test runner allows by itself
 */
export function testTimeoutMinutes(ofJob: Limits, ofPackage: Pick<Limits, 'timeout'> | undefined): number | null {
  const asked = readPipelineTimeout(ofJob.tf_extra_params)
  if (asked !== null) return asked
  const { timeout } = ofJob
  const isOwn = timeout !== DEFAULT_TIMEOUT_SECONDS && timeout !== ofPackage?.timeout
  return isOwn && timeout > 0 ? Math.ceil(timeout / 60) : null
}

function readPipelineTimeout({ settings }: Record<string, unknown>): number | null {
  const minutes = member(member(settings, 'pipeline'), 'timeout')
  return typeof minutes === 'number' && Number.isFinite(minutes) && minutes > 0 ? minutes : null
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
