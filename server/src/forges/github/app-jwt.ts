import { createSign } from 'node:crypto'
import type { GithubApp } from './app.ts'

/** GitHub takes at most ten minutes, and our clock may be a little ahead of its. */
const LIFETIME_S = 9 * 60
const SKEW_S = 60

/** What an App proves itself with. https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app */
export function appJwt({ appId, privateKey }: Pick<GithubApp, 'appId' | 'privateKey'>, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const claims = { iat: seconds - SKEW_S, exp: seconds + LIFETIME_S - SKEW_S, iss: String(appId) }
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`
}
