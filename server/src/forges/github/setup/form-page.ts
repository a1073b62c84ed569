import { webUrlOf } from '../addresses.ts'
import { hostOfApi } from '../app.ts'
import { PERMISSIONS, REASONS } from '../needs.ts'
import { type Reach, reachProblem } from '../public-url.ts'
import type { ChoiceErrors, SetupChoices } from './choices.ts'
import { type Html, html, NOTHING, notice, renderPage } from './layout.ts'
import { makeManifest, registrationUrl, webhookUrl } from './manifest.ts'

export interface FormPage {
  prefix: string
  base: string
  choices: SetupChoices
  errors: ChoiceErrors
  /** The address of GitHub as it was typed, when it can't be read. */
  typedUrl?: string
  state: string
  reach: Reach
}

/** What GitHub is going to make, with the button that has it made; and the form to choose otherwise. */
export function renderForm(page: FormPage): string {
  const hasErrors = Object.keys(page.errors).length > 0
  return renderPage(
    page.prefix,
    'Set up the GitHub App',
    html`<p>The service works on GitHub as an App of your own: it hears of pull requests by it, and says by it how builds went.
GitHub makes it of what stands here; nothing has to be typed or copied.</p>
${reachNotice(page)}
${hasErrors ? notice('bad', 'Something has to be mended', 'Look at the fields that are marked below.') : summary(page)}
<details${hasErrors ? { html: ' open' } : NOTHING}><summary>Change name, owner, GitHub's address or where the key is kept</summary>
${choicesForm(page)}</details>`,
  )
}

function reachNotice({ reach, choices, base }: FormPage): Html {
  const problem = reachProblem(reach, hostOfApi(choices.apiUrl) === 'github.com')
  if (!problem) return NOTHING
  const consequence = `GitHub may refuse to make an App for ${base}, and an App whose address changes later has to be changed on its page at GitHub.`
  return notice('warn', problem.what, html`${problem.advice} ${consequence}`)
}

function summary(page: FormPage): Html {
  const { choices, base, state } = page
  const { host } = new URL(webUrlOf(choices.apiUrl))
  const place = host === 'github.com' ? 'GitHub' : host
  const facts: [string, Html | string][] = [
    ['Name', html`<code>${choices.name}</code>`],
    ['Owner', choices.organization ? html`the organization <code>${choices.organization}</code>` : 'your own account'],
    ['GitHub', host],
    ['Who may install it', choices.isPublic ? 'anybody' : 'its owner, on repositories of their own'],
    ['GitHub delivers to', html`<code>${webhookUrl(base)}</code>`],
    [
      'The key is',
      choices.keep === 'file'
        ? 'kept in the data directory, readable for the service alone'
        : 'shown to you once, and kept nowhere',
    ],
  ]
  const manifest = JSON.stringify(makeManifest(choices, base))
  return html`<section class="panel"><h2>What GitHub will make</h2>
<dl>${facts.map(([name, what]) => html`<dt>${name}</dt><dd>${what}</dd>`)}</dl>
<details><summary>What it may do</summary><ul>${permissionList()}</ul></details>
<form method="post" action="${registrationUrl(choices, state)}"><input type="hidden" name="manifest" value="${manifest}">
<p class="actions"><button class="button">Create the App on ${place}</button></p></form>
<p class="subtle">${place} asks you to confirm and sends you back here. If the name is taken, it says so: change it there.</p></section>`
}

function permissionList(): Html[] {
  return Object.entries(PERMISSIONS).map(
    ([name, access]) =>
      html`<li><code>${name}</code>: ${access === 'write' ? 'read and write' : 'read'}; ${REASONS[name as keyof typeof PERMISSIONS]}</li>`,
  )
}

function choicesForm({ prefix, choices, errors, typedUrl }: FormPage): Html {
  const isOrganization = choices.organization !== null
  return html`<form method="post" action="${prefix}/setup" class="panel">
${textField('name', 'Name', choices.name, errors.name, 'Unique on GitHub; it stands beside each check and comment.')}
<fieldset><legend>Owner</legend>
${radio('owner', 'own', 'Your own account', !isOrganization)}
${radio('owner', 'organization', 'An organization in which you may make Apps', isOrganization)}</fieldset>
${textField('organization', 'Name of the organization', choices.organization ?? '', errors.organization, 'Only for an organization.')}
${textField('apiUrl', 'GitHub', typedUrl ?? new URL(webUrlOf(choices.apiUrl)).origin.replace(/^https:\/\//, ''), errors.apiUrl, 'github.com, or the address of your GitHub Enterprise.')}
<fieldset><legend>Who may install it</legend>
${radio('visibility', 'own', 'Only its owner, on repositories of their own', !choices.isPublic)}
${radio('visibility', 'public', 'Anybody; the allowlist says whose pull requests are built', choices.isPublic)}</fieldset>
<fieldset><legend>The key</legend>
${radio('keep', 'file', 'Keep it in the data directory', choices.keep === 'file')}
${radio('keep', 'show', 'Show me the settings: I keep secrets elsewhere', choices.keep === 'show')}</fieldset>
<p class="actions"><button class="button second">Use these</button></p></form>`
}

function textField(name: string, label: string, value: string, error: string | undefined, help: string): Html {
  const invalid = error === undefined ? NOTHING : html` aria-invalid="true"`
  const about =
    error === undefined
      ? html`<span class="subtle" id="${name}-about">${help}</span>`
      : html`<span class="error" id="${name}-about">Expected: ${error}</span>`
  return html`<p class="field"><label for="${name}">${label}</label>
<input type="text" id="${name}" name="${name}" value="${value}" autocomplete="off" spellcheck="false" aria-describedby="${name}-about"${invalid}>${about}</p>`
}

function radio(name: string, value: string, label: string, isChosen: boolean): Html {
  return html`<label class="choice"><input type="radio" name="${name}" value="${value}"${isChosen ? html` checked` : NOTHING}> <span>${label}</span></label>`
}
