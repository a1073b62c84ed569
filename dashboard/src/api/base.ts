/** The path the service is served under, with a slash at its end: the server writes it into `<base href>`. */
export function basePath(): string {
  return new URL(document.baseURI).pathname.replace(/[^/]*$/, '')
}

/** The address of an API path such as `/api/runs`, under the prefix of this installation. */
export function apiUrl(path: string): string {
  const url = new URL(path.replace(/^\//, ''), new URL(basePath(), window.location.origin))
  return url.pathname + url.search
}
