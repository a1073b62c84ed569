/** Where people find the GitHub of an API: `https://github.com`, `https://acme.ghe.com`, `https://github.example.org`. */
export function webUrlOf(apiUrl: string): string {
  const url = new URL(apiUrl)
  if (url.hostname === 'api.github.com') return 'https://github.com'
  if (/^api\.[^.]+\.ghe\.com$/.test(url.hostname)) return `https://${url.hostname.slice('api.'.length)}`
  return url.origin
}

/** Address of the API from what an operator types: a host, a page of GitHub, or the API itself. Throws `TypeError` for others. */
export function readApiUrl(text: string): string {
  const url = new URL(/^https?:\/\//.test(text) ? text : `https://${text}`)
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) throw new TypeError('no address of a GitHub')
  const host = url.hostname.replace(/^www\./, '')
  if (host === 'github.com' || host === 'api.github.com') return 'https://api.github.com'
  if (host.endsWith('.ghe.com')) return `https://${host.startsWith('api.') ? host : `api.${host}`}`
  const path = url.pathname.replace(/\/+$/, '')
  return url.origin + (path === '' ? '/api/v3' : path)
}

/** Where an App is installed on repositories. */
export function installUrl(app: { apiUrl: string; slug: string }): string {
  return `${webUrlOf(app.apiUrl)}/apps/${encodeURIComponent(app.slug)}/installations/new`
}
