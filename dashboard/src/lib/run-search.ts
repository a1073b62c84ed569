/** What the address of a run says. */
export interface RunSearch {
  /** The step whose log is open: `srpm-7`, `build-9`, or `none`. */
  log?: string | undefined
}

/** What the address of a comparison says: two runs, the earlier first, as they were typed. */
export interface CompareSearch {
  a?: string | undefined
  b?: string | undefined
}
