import type { SrpmInput } from '../domain/srpm-input.ts'
import type { SandboxEnd } from '../sandbox/sandbox.ts'

export interface SrpmProgress {
  /** All output, as it comes. */
  onLog: (chunk: Buffer) => void
  signal: AbortSignal
}

/** Why there is no SRPM. */
export interface SrpmFailure {
  /** `merge-conflict`, `action-failed`, `spec-missing`, … */
  kind: string
  /** A sentence for the packager. */
  message: string
  action?: string
  /** What this machine would need, e.g. `program meson`: not the change's fault. */
  lacks?: string
  /** Conflicting files of a merge. */
  files?: string[]
}

export type MadeSrpm =
  | { ok: true /** File on this machine. */; path: string; name: string; nvr: string; remove: () => Promise<void> }
  | { ok: false; end: SandboxEnd; failure: SrpmFailure | null }

/** Makes the source package of one commit, in a sandbox. */
export interface SrpmMaker {
  /**
   * @param mirror  bare mirror that holds head and base of `input`
   * @throws {SetupError} when no sandbox can be made here
   */
  makeSrpm(input: SrpmInput, mirror: string, progress: SrpmProgress): Promise<MadeSrpm>
}
