import type { Release } from '../domain/targets.ts'

/** Who knows which releases and chroots there are. Both functions throw `UnavailableError`. */
export interface TargetSource {
  /** Address of the Copr that is asked; undefined: Fedora's. */
  readonly copr: string | undefined
  /** Living releases of Fedora and EPEL; the highest Fedora is `fedora-rawhide`. */
  listReleases(signal?: AbortSignal): Promise<Release[]>
  /** All chroots that packages can be built for. */
  listChroots(signal?: AbortSignal): Promise<string[]>
}
