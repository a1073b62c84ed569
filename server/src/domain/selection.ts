/**
 * What a command or a repeated check asks for. Whoever asks gets it: skip rules and path filters don't count. What is left
 * out narrows nothing; an empty list leaves nothing. Plain data: jobs carry it.
 */
export interface Selection {
  kinds?: readonly ('build' | 'test')[]
  packages?: readonly string[]
  identifier?: string
  /** Of jobs: one of them is enough. */
  labels?: readonly string[]
  /** Chroots or test targets; releases and aliases stand for their chroots. */
  targets?: readonly string[]
  /** Names of checks. */
  checks?: readonly string[]
  /** Variables for the tests; an empty value takes one away. Narrows nothing. */
  env?: Readonly<Record<string, string>>
  /** Pull requests of other repositories, whose packages are tested along. Narrows nothing. */
  others?: readonly { namespace: string; repository: string; number: number }[]
  /** Jobs with `manual_trigger` as well. */
  includeManual: boolean
}

/** Whether only a part of what an event could set off is asked for. */
export function isNarrow({ kinds, packages, identifier, labels, targets, checks }: Selection): boolean {
  return [kinds, packages, identifier, labels, targets, checks].some((one) => one !== undefined)
}
