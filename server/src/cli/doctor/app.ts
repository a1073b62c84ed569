import type { AppStore } from '../../forges/github/app-store.ts'
import { keyProblem } from '../../forges/github/app-store.ts'
import { EVENTS, PERMISSIONS } from '../../forges/github/needs.ts'
import type { GithubAnswer } from './ask-github.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** Whether there is an App, from where, and with a key that can be used. */
export function checkStored(store: Pick<AppStore, 'current' | 'from' | 'problem' | 'path'>): Finding[] {
  const broken = store.problem()
  if (broken)
    return [
      problem(
        broken,
        `Take the file away and set the App up again (packit-service setup-link), or set PACKIT_GITHUB_APP_ID and its key.`,
      ),
    ]
  const app = store.current()
  if (!app)
    return [
      warning(
        'no GitHub App is set up',
        'Open the link that `packit-service setup-link` prints: it takes two clicks. See docs/github.md.',
      ),
    ]
  const from = store.from() === 'settings' ? 'the settings' : store.path
  const name = app.slug ?? `number ${app.appId}`
  const wrong = keyProblem(app.privateKey)
  const signIn = app.oauth
    ? ok('people can sign in by it')
    : warning(
        'nobody can sign in by it',
        'Set PACKIT_GITHUB_CLIENT_ID and PACKIT_GITHUB_CLIENT_SECRET, or use tokens alone.',
      )
  return [
    ok(`the App ${name} is known from ${from}`),
    wrong
      ? problem(
          `its key ${wrong}`,
          'Make a new private key on the App’s page at GitHub, and put it in place of the old one.',
        )
      : ok('its key can be read'),
    signIn,
  ]
}

const SKEW_WARNING_S = 15
const SKEW_PROBLEM_S = 50

/** How far this machine's clock is from GitHub's: the App proves itself by a time that must not lie in the future. */
export function checkClock(answer: GithubAnswer, now: Date): Finding[] {
  if (!answer.date) return []
  const seconds = Math.round((now.getTime() - answer.date.getTime()) / 1000)
  const off = Math.abs(seconds)
  if (off < SKEW_WARNING_S) return [ok('the clock agrees with that of GitHub')]
  const what = `the clock is ${off} seconds ${seconds > 0 ? 'ahead of' : 'behind'} that of GitHub`
  const advice = 'Let it be set by the network: timedatectl set-ntp true, or chrony.'
  return [off >= SKEW_PROBLEM_S ? problem(what, advice) : warning(what, advice)]
}

/** `GET /app`: whether GitHub knows the App by this key, and whether it may do what is needed. */
export function checkApp(answer: GithubAnswer, appPage: string): Finding[] {
  if (answer.status === 0 || answer.status >= 500) {
    return [
      problem(`GitHub can't be asked: ${answer.message}`, 'Look at the network, the proxy and PACKIT_GITHUB_API_URL.'),
    ]
  }
  if (answer.status === 401 || answer.status === 404) {
    const advice =
      'The id and the key are of two Apps, the key was removed, or the clock is wrong. Make a new key on the App’s page.'
    return [problem(`GitHub does not take the key: ${answer.message}`, advice)]
  }
  if (answer.status !== 200)
    return [problem(`GitHub refuses: ${answer.message}`, 'See githubstatus.com, or try again later.')]
  const { permissions = {}, events = [] } = answer.body as { permissions?: Record<string, string>; events?: string[] }
  return [
    ok('GitHub knows the App by its key'),
    ...checkPermissions(permissions, appPage),
    ...checkEvents(events, appPage),
  ]
}

export function checkPermissions(given: Record<string, string>, appPage: string): Finding[] {
  const lacking = lackingPermissions(given)
  if (lacking.length === 0) return [ok('it has all permissions that are used')]
  return [
    problem(
      `it lacks permissions: ${lacking.join(', ')}`,
      `Grant them at ${appPage}/permissions; each installation is then asked to agree.`,
    ),
  ]
}

/** E.g. `checks: write`. */
function lackingPermissions(given: Record<string, string>): string[] {
  const covers = (have: string | undefined, need: string) => have === need || have === 'write' || have === 'admin'
  return Object.entries(PERMISSIONS)
    .filter(([name, need]) => !covers(given[name], need))
    .map(([name, need]) => `${name}: ${need}`)
}

function checkEvents(given: readonly string[], appPage: string): Finding[] {
  const lacking = EVENTS.filter((event) => !given.includes(event))
  if (lacking.length === 0) return [ok('it hears of all events that are used')]
  return [problem(`it does not hear of ${lacking.join(', ')}`, `Subscribe to these events at ${appPage}/permissions.`)]
}

/** `GET /app/hook/config`: whether GitHub delivers to this service. */
export function checkHook(answer: GithubAnswer, expected: string, appPage: string): Finding[] {
  if (answer.status !== 200)
    return [warning(`the webhook's address can't be read: ${answer.message}`, 'Try again later.')]
  const { url = '', insecure_ssl: insecure } = answer.body as { url?: string; insecure_ssl?: string | number }
  if (url !== expected) {
    const advice = `Set it on ${appPage}, or PACKIT_PUBLIC_URL to how GitHub reaches the service.`
    return [problem(`GitHub delivers to ${url || 'nowhere'}, and the service is at ${expected}`, advice)]
  }
  const isInsecure = String(insecure) === '1' && url.startsWith('https:')
  const findings = [ok(`GitHub delivers to ${url}`)]
  return isInsecure
    ? [
        ...findings,
        warning('GitHub does not look at the certificate of that address', `Turn SSL verification on at ${appPage}.`),
      ]
    : findings
}

const LOOKED_AT = 30

/** `GET /app/hook/deliveries`: whether the newest ones arrived. */
export function checkDeliveries(answer: GithubAnswer): Finding[] {
  if (answer.status !== 200 || !Array.isArray(answer.body)) return []
  const all = (answer.body as { status_code?: number; status?: string }[]).slice(0, LOOKED_AT)
  const failed = all.filter(({ status_code: code = 0 }) => code < 200 || code >= 300)
  const [first] = failed
  if (!first) return [ok(all.length === 0 ? 'nothing was delivered yet' : `the last ${all.length} deliveries arrived`)]
  const why = first.status_code ? `${first.status_code} ${first.status ?? ''}`.trim() : (first.status ?? 'no answer')
  const what = `${failed.length} of the last ${all.length} deliveries failed (the newest: ${why})`
  const advice =
    first.status_code === 401
      ? 'The webhook secret of the App and of the service differ: set the same one at both.'
      : 'Look at the proxy and the log of the service. What was missed is fetched again by the service, for three days.'
  return [(all[0] === first ? problem : warning)(what, advice)]
}

interface Installation {
  account?: { login?: string } | null
  permissions?: Record<string, string>
  suspended_at?: string | null
  html_url?: string
}

/** `GET /app/installations`: whether each one agreed to what the App asks for now. */
export function checkInstallations(answer: GithubAnswer, installUrl: string | undefined): Finding[] {
  if (answer.status !== 200 || !Array.isArray(answer.body)) return []
  const all = answer.body as Installation[]
  if (all.length === 0) {
    return [
      warning(
        'it is installed nowhere',
        `Install it on your repositories${installUrl ? `: ${installUrl}` : ', from its page at GitHub'}`,
      ),
    ]
  }
  const bad = all.flatMap(({ account, permissions = {}, suspended_at: suspended, html_url: page }) => {
    const who = account?.login ?? 'somebody'
    if (suspended)
      return [
        warning(`${who} has suspended it`, `Nothing is done there until it is resumed${page ? ` at ${page}` : ''}.`),
      ]
    const lacking = lackingPermissions(permissions)
    if (lacking.length === 0) return []
    return [
      problem(
        `${who} has not agreed to ${lacking.join(', ')}`,
        `An owner of ${who} agrees${page ? ` at ${page}` : ' on the page of the installation'}.`,
      ),
    ]
  })
  return [ok(`installed for ${all.length === 1 ? 'one account' : `${all.length} accounts`}`), ...bad]
}
