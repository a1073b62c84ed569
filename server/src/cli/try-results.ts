import { copyFile, mkdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Run } from '../db/runs.ts'
import { installable } from '../domain/repository.ts'
import type { Storage } from '../storage/storage.ts'

/** What a run left in the working folder. */
export interface SavedResult {
  nvr: string
  dir: string
  srpm: string | null
  rpms: string[]
  /** Folder that dnf reads as a repository; null when nothing was built. */
  repository: string | null
  /** Lines that install the packages. */
  install: string[]
}

/** Copies SRPM, packages and repositories to `packit-results/<nvr>/` below `cwd`. */
export async function saveResults(runs: readonly Run[], storage: Storage, cwd: string): Promise<SavedResult[]> {
  const saved: SavedResult[] = []
  for (const run of runs) {
    const { srpm } = run
    if (!srpm?.nvr || !srpm.fileKey) continue
    const dir = join(cwd, 'packit-results', srpm.nvr)
    await mkdir(dir, { recursive: true })
    const srpmPath = await copyOut(storage, srpm.fileKey, dir)
    saved.push({
      nvr: srpm.nvr,
      dir: relative(cwd, dir),
      srpm: relative(cwd, srpmPath),
      ...(await saveRepositories(run, storage, dir, cwd)),
    })
  }
  return saved
}

async function saveRepositories(run: Run, storage: Storage, dir: string, cwd: string) {
  const rpms: string[] = []
  const names = new Set<string>()
  let repository: string | null = null
  for (const target of run.targets) {
    const pipeline = run.pipelines.find((p) => p.buildGroupId === target.groupId)
    if (target.state !== 'success' || !pipeline?.repositoryKey) continue
    const prefix = `${pipeline.repositoryKey}/${target.target}`
    const into = join(dir, target.target ?? '')
    repository = into
    for (const key of await storage.list(prefix)) {
      // the `.repo` file of a server is of no use here
      if (key.endsWith('.repo')) continue
      const folder = join(
        into,
        key
          .slice(prefix.length + 1)
          .split('/')
          .slice(0, -1)
          .join('/'),
      )
      await mkdir(folder, { recursive: true })
      const path = await copyOut(storage, key, folder)
      if (key.endsWith('.rpm')) rpms.push(relative(cwd, path))
    }
    for (const { name } of installable(target.builtPackages ?? [])) names.add(name)
  }
  const install =
    repository && names.size > 0
      ? [`sudo dnf install --nogpgcheck --repofrompath=packit-try,file://${repository} ${[...names].join(' ')}`]
      : []
  return { rpms, repository: repository && relative(cwd, repository), install }
}

async function copyOut(storage: Storage, key: string, dir: string): Promise<string> {
  const path = join(dir, key.split('/').at(-1) ?? 'file')
  await copyFile(await storage.localPath(key), path)
  return path
}
