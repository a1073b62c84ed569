import { installUrl, webUrlOf } from '../addresses.ts'
import type { GithubApp } from '../app.ts'
import type { AppStore, KeptApp } from '../app-store.ts'
import type { ConversionError } from './convert.ts'
import { type Html, html, NOTHING, notice, renderPage } from './layout.ts'

/** Nobody has shown a link: how to get one. */
export function renderNoLink(prefix: string, wasGiven: boolean): string {
  const why = wasGiven
    ? 'This link is not valid: it was used before, is older than a day, or the service was set up otherwise.'
    : 'There is nothing here for whoever comes without a link.'
  return renderPage(
    prefix,
    'Nothing is here',
    html`<p>${why}</p>
<p>If you run this service: it prints a link for its set-up when it starts. On its machine, this prints a new one:</p>
<pre>packit-service setup-link</pre>`,
  )
}

/** The App that there is. */
export function renderDone(prefix: string, app: GithubApp, store: AppStore, wasInstalled: boolean): string {
  const from = store.from() === 'settings' ? 'the settings' : 'the data directory'
  const title = wasInstalled ? 'The App is installed' : 'The GitHub App is set up'
  return renderPage(
    prefix,
    title,
    html`${wasInstalled ? notice('good', 'GitHub tells this service of your repositories now.', nextStep()) : NOTHING}
<section class="panel"><dl><dt>App</dt><dd>${appName(app)}</dd><dt>GitHub</dt><dd>${new URL(webUrlOf(app.apiUrl)).host}</dd>
<dt>Known from</dt><dd>${from}</dd></dl>
${app.slug === null ? NOTHING : installLink({ ...app, slug: app.slug }, wasInstalled)}</section>
<p class="subtle">Is something not as it should be? <code>packit-service doctor</code> looks at it, and says what to do. To set up
another App, ${store.from() === 'settings' ? 'take its settings away' : 'take the file github-app.json out of the data directory'} and start the service again.</p>`,
  )
}

function appName({ slug, appId, apiUrl }: GithubApp): Html {
  if (slug === null) return html`number ${appId}`
  return html`<a href="${webUrlOf(apiUrl)}/apps/${slug}">${slug}</a> (number ${appId})`
}

function nextStep(): Html {
  return html`Add a <code>.packit.yaml</code> to one of them and open a pull request: its checks appear within a second.`
}

function installLink(app: { apiUrl: string; slug: string }, wasInstalled: boolean): Html {
  const label = wasInstalled ? 'Choose other repositories' : 'Install it on your repositories'
  return html`<p class="actions"><a class="button${wasInstalled ? ' second' : ''}" href="${installUrl(app)}">${label}</a></p>`
}

/** The App was made just now, and is kept. */
export function renderMade(prefix: string, app: KeptApp): string {
  return renderPage(
    prefix,
    `${app.slug} is made`,
    html`${notice('good', 'Its key is kept in the data directory; the service uses it from now on.', 'Nothing has to be restarted.')}
<section class="panel"><h2>One step is left</h2>
<p>Say on which repositories it works. It does nothing on others.</p>${installLink(app, false)}</section>`,
  )
}

/** The App was made just now, and its secrets are shown this once. */
export function renderSettings(prefix: string, app: KeptApp, problem?: string): string {
  const lines = [
    ['PACKIT_GITHUB_APP_ID', String(app.appId)],
    ['PACKIT_GITHUB_PRIVATE_KEY', app.privateKey.trim().replaceAll('\n', '\\n')],
    ['PACKIT_GITHUB_WEBHOOK_SECRET', app.webhookSecret],
    ['PACKIT_GITHUB_CLIENT_ID', app.oauth?.clientId ?? ''],
    ['PACKIT_GITHUB_CLIENT_SECRET', app.oauth?.clientSecret ?? ''],
    ['PACKIT_GITHUB_API_URL', app.apiUrl],
  ].map(([name, value]) => `${name}="${value}"`)
  const told = problem
    ? notice(
        'bad',
        'The App is made, but its key could not be kept.',
        html`${problem}. Keep these settings yourself, or they are lost.`,
      )
    : notice('warn', 'This is shown once, and kept nowhere.', 'A new key can be made on the App’s page at GitHub.')
  return renderPage(
    prefix,
    `${app.slug} is made`,
    html`${told}
<section class="panel"><h2>1. Give the service these settings, and start it again</h2><pre tabindex="0">${lines.join('\n')}</pre>
<p class="subtle">Each secret may also stand in a file, named by the same setting with <code>_FILE</code> behind it.</p></section>
<section class="panel"><h2>2. Say on which repositories it works</h2>${installLink(app, false)}</section>`,
  )
}

interface Refusal {
  title: string
  text: string
}

export const REFUSALS = {
  state: {
    title: 'This is not the set-up that was begun here',
    text: 'You came back from GitHub with another set-up than the last one that this browser began, or a day later. Nothing was kept. Begin again; an App that GitHub made meanwhile can be deleted on its page there.',
  },
  code: { title: 'GitHub has sent no code', text: 'Making the App was not finished at GitHub. Begin again.' },
} as const satisfies Record<string, Refusal>

/** Why the App that GitHub made can't be had. */
export function refusalOf({ kind, message }: ConversionError): Refusal {
  if (kind === 'away') {
    return {
      title: 'GitHub does not answer',
      text: `The App is made, but its key can't be fetched now: ${message}. Load this page again in a moment; that works for an hour.`,
    }
  }
  if (kind === 'expired') {
    return {
      title: 'GitHub does not give the App away any more',
      text: `It does so once, and within an hour (${message}). Delete the App on its page at GitHub, and begin again.`,
    }
  }
  return {
    title: 'GitHub answers otherwise than expected',
    text: `What it sent is no App: ${message}. If the address of a GitHub Enterprise was given, look whether it is that of its API. Then begin again.`,
  }
}

export function renderRefusal(prefix: string, { title, text }: Refusal): string {
  return renderPage(
    prefix,
    title,
    html`<p role="alert">${text}</p><p class="actions"><a class="button" href="${prefix}/setup">Begin again</a></p>`,
  )
}
