import { webUrlOf } from '../addresses.ts'
import { EVENTS, PERMISSIONS } from '../needs.ts'
import type { SetupChoices } from './choices.ts'

/**
 * What GitHub makes the App of. https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 *
 * @param base  how GitHub and people reach the service, without a slash at the end
 */
export function makeManifest({ name, isPublic }: SetupChoices, base: string) {
  return {
    name,
    url: base,
    description: 'Builds every change as RPM packages and says how it went.',
    hook_attributes: { url: webhookUrl(base), active: true },
    redirect_url: `${base}/setup/github`,
    callback_urls: [`${base}/api/sign-in/github/callback`],
    setup_url: `${base}/setup`,
    setup_on_update: false,
    public: isPublic,
    request_oauth_on_install: false,
    default_permissions: { ...PERMISSIONS },
    default_events: [...EVENTS],
  }
}

export function webhookUrl(base: string): string {
  return `${base}/api/webhooks/github`
}

/** Where the manifest is sent to. */
export function registrationUrl({ apiUrl, organization }: SetupChoices, state: string): string {
  const owner = organization === null ? '' : `/organizations/${encodeURIComponent(organization)}`
  return `${webUrlOf(apiUrl)}${owner}/settings/apps/new?state=${encodeURIComponent(state)}`
}
