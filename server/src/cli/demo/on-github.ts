import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Config, readConfig } from '../../config.ts'
import { parseGitRule } from '../../domain/git-url.ts'
import type { FakeGithub } from '../../forges/github/fake/fake-github.ts'
import { findFreePort } from '../listen.ts'
import { findOwner } from '../owner.ts'
import { startGithub } from './github-stand-in.ts'
import { GithubStory } from './github-story.ts'
import { DATA_DIR } from './plain.ts'
import { play, type Stage } from './stage.ts'

/** Pull requests of a member and of an outsider on a GitHub of our own, with checks and comments; all on this machine. */
export async function demoOnGithub(stage: Stage): Promise<void> {
  const dataDir = resolve(
    readConfig({ defaults: { PACKIT_DATA_DIR: DATA_DIR }, changed: NOTHING_OF_OTHERS }).dataDir,
    'github',
  )
  // that GitHub is in memory: what a demo before this one kept of its own GitHub would mislead
  if (!(await findOwner(dataDir))) await rm(dataDir, { recursive: true, force: true })
  const { github, repository } = await startGithub(join(dataDir, 'fake'))
  await using _ended = github
  const config = await configOn(github, dataDir)
  stage.printer.print(`Packit Service demo: data in ${config.dataDir}, port ${config.port}`)
  await play(stage, config, (started) => new GithubStory(github, repository, started, stage).tell())
}

export const NOTHING_OF_OTHERS = Object.fromEntries(
  [
    'PACKIT_GITHUB_APP_ID',
    'PACKIT_GITHUB_PRIVATE_KEY',
    'PACKIT_GITHUB_WEBHOOK_SECRET',
    'PACKIT_GITHUB_CLIENT_ID',
    'PACKIT_GITHUB_CLIENT_SECRET',
    'DATABASE_URL',
  ].flatMap((name) => [
    [name, ''],
    [`${name}_FILE`, ''],
  ]),
)

/** The settings as they are, but for those of another GitHub, of another database and of the world outside. */
async function configOn(github: FakeGithub, dataDir: string): Promise<Config> {
  const config = readConfig({
    defaults: { PACKIT_LOG_LEVEL: 'warn' },
    changed: {
      ...NOTHING_OF_OTHERS,
      PACKIT_DATA_DIR: dataDir,
      PACKIT_GITHUB_API_URL: github.apiUrl,
      PACKIT_PUBLIC_URL: '',
      PACKIT_BODHI_URL: 'off',
      PACKIT_BUILDER: 'local',
      PACKIT_SANDBOX_NETWORK: 'none',
      PACKIT_SHADOW: '0',
      PACKIT_COMMAND_PREFIX: '/packit',
    },
  })
  const gitAllow = [...config.gitAllow, parseGitRule(`http://${new URL(github.url).hostname}`)]
  return { ...config, port: await findFreePort(config.host, config.port), gitAllow }
}
