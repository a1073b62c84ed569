/** The packager can mend it: shown on the pull request word for word, never retried. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Another system is away or busy: the job runs again, no sooner than `retryAfterMs`. */
export class UnavailableError extends Error {
  override name = 'UnavailableError'
  readonly retryAfterMs: number
  /** False for what will surely come back (room on the disk): the job then waits as long as it takes. */
  readonly hasDeadline: boolean
  /** The system answers, and only can't do this one thing now: no sign that it is away. */
  readonly isBusy: boolean
  constructor(
    message: string,
    retryAfterMs: number,
    options: ErrorOptions & { hasDeadline?: boolean; isBusy?: boolean } = {},
  ) {
    super(message, options)
    this.retryAfterMs = retryAfterMs
    this.hasDeadline = options.hasDeadline ?? true
    this.isBusy = options.isBusy ?? false
  }
}

/** What was asked for is not there (a repository, a ref, a commit, a row); the text is shown as it is. */
export class NotFoundError extends Error {
  override name = 'NotFoundError'
}

/** We may not do that on another system: a permission is missing there. Nothing changes by asking again. */
export class ForbiddenError extends Error {
  override name = 'ForbiddenError'
}

/** What was asked for can't be done as things stand now; the text says why and is shown as it is. */
export class ConflictError extends Error {
  override name = 'ConflictError'
}

/** The operator can mend it: a missing program, account or setting. The message says what to do. */
export class SetupError extends Error {
  override name = 'SetupError'
}
