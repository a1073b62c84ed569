import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runGit } from './git.ts'

const MAX_PACKS = 40
const MAX_COMMITS = 500

/**
 * Keeps a mirror fast: each fetch leaves a pack and a ref. Nothing that a running build could need is removed: packs are
 * joined with all they hold, and only refs of old commits go. Call under the mirror's lock.
 */
export async function tidyMirror(gitDir: string, maxPacks = MAX_PACKS): Promise<void> {
  const files = await readdir(join(gitDir, 'objects/pack'))
  if (files.filter((name) => name.endsWith('.pack')).length <= maxPacks) return
  await forgetCommits(gitDir)
  await runGit(['pack-refs', '--all'], { gitDir })
  await runGit(['repack', '--quiet', '--geometric=2', '-d'], { gitDir, timeMs: 10 * 60_000 })
}

async function forgetCommits(gitDir: string): Promise<void> {
  const args = ['for-each-ref', '--sort=-committerdate', '--format=%(refname)', 'refs/packit/commits']
  const refs = (await runGit(args, { gitDir })).toString().split('\n').filter(Boolean)
  const old = refs.slice(MAX_COMMITS)
  await runGit(['update-ref', '--stdin'], { gitDir, input: old.map((ref) => `delete ${ref}\n`).join('') })
}
