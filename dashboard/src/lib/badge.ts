/** What a badge shows: the newest push when nothing is given. */
export interface BadgeChoice {
  branch?: string | undefined
  pr?: number | undefined
  target?: string | undefined
}

interface BadgePlace {
  forge: string
  namespace: string
  repo: string
}

/** The path of a badge in the API. */
export function badgePath({ forge, namespace, repo }: BadgePlace, { branch, pr, target }: BadgeChoice): string {
  const path = [forge, namespace, repo].map(encodeURIComponent).join('/')
  const query = new URLSearchParams()
  if (branch) query.set('branch', branch)
  else if (pr) query.set('pr', String(pr))
  if (target) query.set('target', target)
  const text = query.toString().replaceAll('+', '%20')
  return `/api/badge/${path}.svg${text ? `?${text}` : ''}`
}

export const FORMATS = ['Markdown', 'HTML', 'reStructuredText', 'AsciiDoc'] as const
export type Format = (typeof FORMATS)[number]

/**
 * The lines for a README: the badge as a link to the project's page.
 *
 * @param image  whole address of the badge; it must hold no spaces
 * @param page  whole address of the page
 */
export function badgeSnippet(format: Format, image: string, page: string, alt: string): string {
  const text = alt.replaceAll(/[[\]<>"`\\]/g, '')
  switch (format) {
    case 'Markdown':
      return `[![${text}](${escapeParens(image)})](${escapeParens(page)})`
    case 'HTML':
      return `<a href="${escapeHtml(page)}"><img src="${escapeHtml(image)}" alt="${escapeHtml(text)}"></a>`
    case 'reStructuredText':
      return `.. image:: ${image}\n   :target: ${page}\n   :alt: ${text}`
    case 'AsciiDoc':
      return `image:${image}["${text}",link="${page}"]`
  }
}

/** A parenthesis would end the address. */
const escapeParens = (url: string) => url.replaceAll('(', '%28').replaceAll(')', '%29')
const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
