/** Where a check stands, in the words of forges. */
export type CheckPhase = { status: 'queued' | 'in_progress' } | { status: 'completed'; conclusion: CheckConclusion }

export const CONCLUSIONS = ['success', 'failure', 'neutral', 'cancelled', 'skipped', 'action_required'] as const
export type CheckConclusion = (typeof CONCLUSIONS)[number]

/** A remark at lines of a file of the commit. */
export interface CheckAnnotation {
  path: string
  /** Counted from 1. */
  startLine: number
  endLine: number
  level: 'notice' | 'warning' | 'failure'
  title: string
  message: string
}

/** A button below a check: at most 20, 40 and 20 characters. */
export interface CheckButton {
  label: string
  description: string
  word: string
}

/** What a check says. */
export interface CheckOutput {
  title: string
  /** Markdown. */
  summary: string
  annotations: readonly CheckAnnotation[]
  buttons: readonly CheckButton[]
}

/** The one check that branch protection can require: it follows all wanted targets. No other may have its name. */
export const SUMMARY_CHECK = 'packit'

/** What it says until something runs. */
export const ACCEPTED = 'The task was accepted.'
