import type { Storage } from '../../storage/storage.ts'
import { createRepository, type RepositoryDeps } from './create-repository.ts'

/**
 * Makes dnf repositories of stored packages: the packages are linked into the folder, then the metadata is put beside
 * them. Nobody is told of the folder before it is whole, so a repeat after a crash may write it again.
 */
export function createRepositoryMaker({ storage, ...deps }: RepositoryDeps & { storage: Storage }) {
  return {
    async makeRepository(rpms: readonly string[], into: string): Promise<void> {
      const packages = await Promise.all(
        rpms.map(async (key) => ({ name: key.split('/').at(-1) ?? key, path: await storage.localPath(key) })),
      )
      const repository = await createRepository(deps, { rpms: packages })
      try {
        for (const { name, path } of [...packages, ...repository.files]) await storage.putFile(`${into}/${name}`, path)
      } finally {
        await repository.remove()
      }
    },
  }
}
