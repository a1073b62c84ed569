import type { Builder } from '../builders/builder.ts'
import type { SrpmMaker } from '../builders/srpm-maker.ts'
import type { Database } from '../db/database.ts'
import type { SourcePlace } from '../domain/srpm/where.ts'
import type { FindForge } from '../forges/forge.ts'
import type { Mirrors } from '../git/mirrors.ts'
import type { Queue } from '../jobs/queue.ts'
import type { Storage } from '../storage/storage.ts'

/** Makes the metadata of a dnf repository from stored RPMs. */
export interface RepositoryMaker {
  /**
   * @param rpms  keys in storage
   * @param into  key of a folder in storage that gets the RPMs and `repodata/`
   */
  makeRepository(rpms: readonly string[], into: string): Promise<void>
}

/** What stage 3 works with. */
export interface BuildDeps {
  database: Database
  queue: Queue
  storage: Storage
  mirrors: Mirrors
  findForge: FindForge
  srpmMaker: SrpmMaker
  builder: Builder
  repositories: RepositoryMaker
  /** Where `/repos/` is served, e.g. `http://127.0.0.1:8080/repos`. */
  reposUrl: string
  /** Which SRPMs the builder makes itself. */
  sourcePlace: SourcePlace
  /** Why no new build may start here now (the disk is full); null when one may. */
  findObstacle: () => Promise<string | null>
  /** However long a build runs, its builder is asked again by then: what losing every hint costs. */
  longestPollMs: number
  /** How many builds may run at a builder elsewhere at a time; undefined = any number. */
  mostRemoteBuilds: number | undefined
  /** How many of them may be one project's. */
  mostOfProject: number | undefined
  now: () => Date
}
