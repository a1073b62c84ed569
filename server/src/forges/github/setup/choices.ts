import { randomBytes } from 'node:crypto'
import { readApiUrl } from '../addresses.ts'

/** What an operator decides about the App before GitHub makes it. */
export interface SetupChoices {
  name: string
  /** Organization that shall own it; null = the account of whoever makes it. */
  organization: string | null
  apiUrl: string
  /** Others may install it, too. */
  isPublic: boolean
  /** `show`: the key is shown once as settings, and kept nowhere. */
  keep: 'file' | 'show'
}

/** What is wrong, by the field's name in the form. */
export type ChoiceErrors = Partial<Record<keyof SetupChoices, string>>

/** GitHub takes no longer name. */
const LONGEST_NAME = 34
const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]*$/
const ACCOUNT = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/

/** What is proposed: named for the service's host, as names of Apps are unique on all of GitHub. */
export function defaultChoices(base: string, apiUrl: string, random = randomBytes(2)): SetupChoices {
  const { hostname } = new URL(base)
  const isAddress = /^[\d.]+$|:|^localhost$/.test(hostname)
  const part = isAddress ? random.toString('hex') : hostname.replaceAll('.', '-')
  const name = `packit-${part}`.slice(0, LONGEST_NAME).replace(/-+$/, '')
  return { name, organization: null, apiUrl, isPublic: false, keep: 'file' }
}

/** Reads the form. Fields that are wrong keep what was typed, so that it can be mended. */
export function readChoices(form: URLSearchParams): { choices: SetupChoices; typedUrl: string; errors: ChoiceErrors } {
  const field = (name: string) => (form.get(name) ?? '').trim()
  const errors: ChoiceErrors = {}
  const name = field('name')
  if (name.length > LONGEST_NAME || !NAME.test(name)) {
    errors.name = `1 to ${LONGEST_NAME} letters, digits, blanks and . _ - that begin with a letter or digit`
  }
  const organization = field('owner') === 'organization' ? field('organization') : null
  if (organization !== null && !ACCOUNT.test(organization)) {
    errors.organization = 'the name of an organization as it stands in its address: github.com/<name>'
  }
  const typedUrl = field('apiUrl')
  const apiUrl = parseUrl(typedUrl)
  if (!apiUrl) errors.apiUrl = 'github.com, or the address of a GitHub Enterprise such as https://github.example.org'
  const choices: SetupChoices = {
    name,
    organization,
    apiUrl: apiUrl ?? 'https://api.github.com',
    isPublic: field('visibility') === 'public',
    keep: field('keep') === 'show' ? 'show' : 'file',
  }
  return { choices, typedUrl, errors }
}

function parseUrl(text: string): string | undefined {
  try {
    return readApiUrl(text)
  } catch {
    return undefined
  }
}
