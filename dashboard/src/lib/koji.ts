/** Where Fedora's Koji finds a build or a tag by its name; null for none. */
export function kojiSearch(type: 'build' | 'tag', terms: string | null): string | null {
  if (terms === null) return null
  return `https://koji.fedoraproject.org/koji/search?${new URLSearchParams({ match: 'exact', type, terms })}`
}
