import { SettingsError } from '../config.ts'
import { ConfigError, ConflictError, NotFoundError, SetupError, UnavailableError } from '../domain/errors.ts'
import { READER_GONE, StoppedError } from './stop.ts'

/** The input or the machine is wrong, and the user can mend it: the text is all that is shown. */
function isForUser(error: unknown): error is Error {
  return [SettingsError, ConfigError, NotFoundError, ConflictError, SetupError, UnavailableError].some(
    (kind) => error instanceof kind,
  )
}

/** 2 for what the user can mend, 1 for a fault of ours; of a command that was stopped what a shell would give. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof StoppedError) return error.exitCode
  return isForUser(error) ? 2 : 1
}

/** Says what went wrong on standard error; a stack only for a fault of ours. */
export function tellError(error: unknown): void {
  if (error instanceof StoppedError) {
    if (error.exitCode !== READER_GONE) console.error('packit-service: stopped')
  } else if (isForUser(error)) console.error(error.message.replace(/^/gm, 'packit-service: '))
  else console.error(error)
}
