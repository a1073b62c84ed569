import { join } from 'node:path'
import { parseGitAllow } from '../domain/git-url.ts'
import { type MirrorOptions, openMirrors } from './mirrors.ts'
import { openTestFolder, TestRepository } from './test-repository.ts'

/** An upstream repository with a tag, and a folder of mirrors that may fetch from where it lies. */
export async function openWorld(options: Partial<MirrorOptions> = {}) {
  const folder = await openTestFolder()
  const upstream = await TestRepository.create(join(folder.dir, 'up/hello'))
  const first = await upstream.commit({ 'hello.spec': 'Name: hello' }, 'first')
  upstream.git('tag', '-a', '-m', 'one', 'v1')
  const dir = join(folder.dir, 'mirrors')
  const settings: MirrorOptions = { dir, allow: parseGitAllow(join(folder.dir, 'up')), netAllow: [], ...options }
  return {
    dir: folder.dir,
    mirrorsDir: dir,
    upstream,
    url: upstream.path,
    first,
    settings,
    mirrors: await openMirrors(settings),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}
