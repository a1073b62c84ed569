/** The path the pages are served under, with a slash at its end: the server writes it into `<base href>`. */
export function basePath(): string {
  return new URL(document.baseURI).pathname.replace(/[^/]*$/, '')
}

/** The address of an API path such as `/api/runs`: of the service that `index.html` names, else of where the pages come from. */
export function apiUrl(path: string): string {
  const url = new URL(path.replace(/^\//, ''), serviceUrl())
  return url.origin === window.location.origin ? url.pathname + url.search : url.href
}

/** Whether the API is on another origin, where nobody can be signed in from here: its cookies are its own. */
export function isServiceElsewhere(): boolean {
  return serviceUrl().origin !== window.location.origin
}

/** The service's address, with a slash at its end: `<meta name="packit-api">`, which a host of files alone fills in. */
function serviceUrl(): URL {
  const named = document.querySelector<HTMLMetaElement>('meta[name="packit-api"]')?.content.trim() ?? ''
  const own = new URL(basePath(), window.location.origin)
  if (named === '') return own
  return new URL(named.replace(/\/*$/, '/'), own)
}
