import type { Release } from '../domain/targets.ts'

/** Who knows which releases and chroots there are. Both functions throw `UnavailableError`. */
export interface TargetSource {
  /** Living releases of Fedora and EPEL; the highest Fedora is `fedora-rawhide`. */
  listReleases(signal?: AbortSignal): Promise<Release[]>
  /** All chroots that packages can be built for. */
  listChroots(signal?: AbortSignal): Promise<string[]>
}
