/** One thing that was looked at, and how it is. */
export interface Finding {
  /** `warning`: it works, but not as well or as safely as it could; `problem`: something does not work. */
  state: 'ok' | 'warning' | 'problem'
  what: string
  /** What to do about it. */
  advice?: string
}

/** Findings about one part. */
export interface Section {
  title: string
  findings: Finding[]
}

export const ok = (what: string): Finding => ({ state: 'ok', what })
export const warning = (what: string, advice: string): Finding => ({ state: 'warning', what, advice })
export const problem = (what: string, advice: string): Finding => ({ state: 'problem', what, advice })

export function worst(sections: readonly Section[]): Finding['state'] {
  const states = sections.flatMap(({ findings }) => findings.map(({ state }) => state))
  if (states.includes('problem')) return 'problem'
  return states.includes('warning') ? 'warning' : 'ok'
}
