/** A setting, read from the environment. */
export interface Setting {
  name: string
  /** What is expected, as the error and the documentation say it. */
  expects: string
  default: string
  about: string
  secret?: boolean
  /** A name that other programs use for the same; ours counts more. */
  also?: string
}
