/** What the address of a run says. */
export interface RunSearch {
  /** The step whose log is open: `srpm-7`, `build-9`, or `none`. */
  log?: string | undefined
}
