// The pages on which an App is made from a manifest, and installed.
import { html } from './html.ts'
import { install } from './installations.ts'
import { giveManifestCode, type Manifest, makeApp } from './manifests.ts'
import type { PageAnswer } from './server.ts'
import { fullName } from './state.ts'
import type { User } from './things.ts'
import { leadTo, type PageRoute, showPage, type Visit, withQuery } from './visit.ts'

export const SETUP_PAGES: PageRoute[] = [
  { method: 'POST', pattern: /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/new$/, visit: showManifest },
  {
    method: 'GET',
    pattern: /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/new$/,
    visit: () => showMissingManifest(),
  },
  { method: 'POST', pattern: /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/create$/, visit: createApp },
  { method: 'GET', pattern: /^\/apps\/([^/]+)$/, visit: showApp },
  { method: 'GET', pattern: /^\/apps\/([^/]+)\/installations\/new$/, visit: chooseRepositories },
  { method: 'POST', pattern: /^\/apps\/([^/]+)\/installations\/new$/, visit: installApp },
]

function showMissingManifest(): PageAnswer {
  return showPage(
    'New GitHub App',
    html`<p>Nothing was posted. Come here by a form that holds a field <code>manifest</code>.</p>`,
    422,
  )
}

/** The manifest in words, or what is wrong with it. */
function readManifest(text: string | null): Manifest | string {
  if (!text) return 'the field manifest is missing'
  let manifest: Partial<Manifest>
  try {
    manifest = JSON.parse(text)
  } catch {
    return 'the manifest is not JSON'
  }
  if (typeof manifest !== 'object' || manifest === null) return 'the manifest is not an object'
  if (!manifest.name || manifest.name.length > 34) return 'name must have 1 to 34 characters'
  if (!manifest.url || !URL.canParse(manifest.url)) return 'url must be an address'
  if (!manifest.redirect_url || !URL.canParse(manifest.redirect_url)) return 'redirect_url must be an address'
  if (manifest.hook_attributes && !URL.canParse(manifest.hook_attributes.url))
    return 'hook_attributes.url must be an address'
  if ((manifest.callback_urls?.length ?? 0) > 10) return 'there may be 10 callback_urls'
  return { ...manifest, name: manifest.name, url: manifest.url }
}

function showManifest({ url, parts, form }: Visit): PageAnswer {
  const manifest = readManifest(form.get('manifest'))
  if (typeof manifest === 'string') return showPage('New GitHub App', html`<p>Refused: ${manifest}.</p>`, 422)
  const place = parts[0] ? `/organizations/${encodeURIComponent(parts[0])}` : ''
  return showPage(
    `Create GitHub App ${manifest.name}`,
    html`<p>It will ask for:</p>
<ul class="plain">${Object.entries(manifest.default_permissions ?? {}).map(([name, level]) => html`<li>${name}: ${level}</li>`)}</ul>
<p>It will hear of: ${(manifest.default_events ?? []).join(', ') || 'nothing'}, at ${manifest.hook_attributes?.url ?? 'no address'}.</p>
<form method="post" action="${place}/settings/apps/create">
<input type="hidden" name="manifest" value="${form.get('manifest')}">
<input type="hidden" name="state" value="${url.searchParams.get('state') ?? form.get('state')}">
<button>Create GitHub App</button></form>`,
  )
}

async function createApp({ hub, parts, form }: Visit): Promise<PageAnswer> {
  const manifest = readManifest(form.get('manifest'))
  if (typeof manifest === 'string') return showPage('New GitHub App', html`<p>Refused: ${manifest}.</p>`, 422)
  const { state } = hub
  const owner = parts[0] ? state.findUser(parts[0]) : state.users.find(({ type }) => type === 'User')
  if (!owner) return showPage('New GitHub App', html`<p>There is no account ${parts[0]}.</p>`, 404)
  if (state.apps.some(({ name }) => name.toLowerCase() === manifest.name.toLowerCase()))
    return showPage('New GitHub App', html`<p>The name ${manifest.name} is taken already.</p>`, 422)
  const app = await makeApp(state, owner, manifest)
  const code = giveManifestCode(state, app)
  return leadTo(withQuery(manifest.redirect_url ?? '', { code, state: form.get('state') || null }))
}

function showApp({ hub, parts }: Visit): PageAnswer | undefined {
  const app = hub.state.apps.find(({ slug }) => slug === parts[0])
  if (!app) return undefined
  return showPage(
    app.name,
    html`<p>${app.description}</p><p><a href="/apps/${app.slug}/installations/new">Install it</a></p>`,
  )
}

function chooseRepositories({ hub, url, parts }: Visit): PageAnswer | undefined {
  const app = hub.state.apps.find(({ slug }) => slug === parts[0])
  if (!app) return undefined
  const accounts = hub.state.users.filter(({ type }) => type !== 'Bot')
  const forms = accounts.map((account) => {
    const own = hub.state.repositories.filter((one) => one.owner === account && !one.isDeleted)
    if (own.length === 0) return null
    return html`<section><h2>${account.login}</h2><form method="post">
<input type="hidden" name="account" value="${account.login}">
<input type="hidden" name="state" value="${url.searchParams.get('state')}">
<p><label><input type="radio" name="which" value="all" checked> all repositories</label>
<label><input type="radio" name="which" value="selected"> only these:</label></p>
<p>${own.map((one) => html`<label><input type="checkbox" name="repository" value="${one.id}"> ${one.name}</label> `)}</p>
<button>Install on ${account.login}</button></form></section>`
  })
  return showPage(`Install ${app.name}`, html`${forms}`)
}

async function installApp({ hub, parts, form }: Visit): Promise<PageAnswer | undefined> {
  const { state } = hub
  const app = state.apps.find(({ slug }) => slug === parts[0])
  const account: User | undefined = state.findUser(form.get('account') ?? '')
  if (!app || !account) return undefined
  const ids = form.getAll('repository')
  const chosen = state.repositories.filter((one) => one.owner === account && ids.includes(String(one.id)))
  const repositories = form.get('which') === 'selected' ? chosen : ('all' as const)
  const installation = await install(hub, { app, account, repositories })
  const query = { installation_id: String(installation.id), setup_action: 'install', state: form.get('state') || null }
  if (app.setupUrl) return leadTo(withQuery(app.setupUrl, query))
  const names = state.repositoriesOf(installation).map(fullName)
  return showPage(`${app.name} is installed`, html`<p>On ${names.join(', ')}.</p>`)
}
