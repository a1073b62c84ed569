import { type CommandName, OPTIONS, type OptionName } from './commands.ts'

/** A pull request of another repository, whose builds are tested as well. */
export interface OtherPullRequest {
  namespace: string
  repository: string
  number: number
}

/** What stands behind a command, read. */
export interface Values {
  packages?: string[]
  identifier?: string
  labels?: string[]
  targets?: string[]
  /** An empty value takes the variable away. */
  env?: Record<string, string>
  branch?: string
  release?: string
  version?: string
  bugs?: string[]
  prConfig?: boolean
  allBranches?: boolean
  pullRequests?: OtherPullRequest[]
  account?: string
}

/** Longest list of an option. */
const MOST_ITEMS = 50

/** Reads the value of an option into `values`; what is wrong with it, in words, when something is. */
export function readOption(
  name: OptionName,
  flag: string,
  value: string | undefined,
  values: Values,
): string | undefined {
  const { value: shape } = OPTIONS[name]
  if (name === 'prConfig' || name === 'allBranches') {
    if (value !== undefined) return `${flag} takes no value`
    values[name] = true
    return undefined
  }
  if (value === undefined || value === '') return `${flag} needs a value: ${flag} ${shape}`
  switch (name) {
    case 'package':
      values.packages = [...(values.packages ?? []), value]
      return values.packages.length > MOST_ITEMS ? `${flag} is there more than ${MOST_ITEMS} times` : undefined
    case 'env':
      return readVariable(flag, value, values)
    case 'labels':
    case 'targets':
    case 'bugs':
      return readList(name, flag, value, values)
    default:
      if (values[name] !== undefined) return `${flag} is there twice`
      values[name] = value
      return undefined
  }
}

function readList(name: 'labels' | 'targets' | 'bugs', flag: string, value: string, values: Values) {
  const items = value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  if (values[name]) return `${flag} is there twice`
  if (items.length === 0) return `${flag} needs a value: ${flag} ${OPTIONS[name].value}`
  if (items.length > MOST_ITEMS) return `${flag} has more than ${MOST_ITEMS} items`
  values[name] = items
  return undefined
}

function readVariable(flag: string, value: string, values: Values): string | undefined {
  const [, name, text] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(value) ?? []
  if (name === undefined || text === undefined) return `${flag} ${JSON.stringify(value)} is not like NAME=value`
  const others = Object.entries(values.env ?? {}).filter(([other]) => other !== name)
  if (others.length >= MOST_ITEMS) return `${flag} is there more than ${MOST_ITEMS} times`
  values.env = Object.fromEntries([...others, [name, text]])
  return undefined
}

const SHORT = /^([A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*)\/([A-Za-z0-9._-]+)#([0-9]{1,12})$/
const ADDRESS =
  /^https?:\/\/[^/\s]+\/([A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*?)\/([A-Za-z0-9._-]+)(?:\/pull|\/pulls|\/-\/merge_requests)\/([0-9]{1,12})\/?$/

/** Reads a word behind a command; what is wrong with it, in words, when something is. */
export function readOperand(name: CommandName, text: string, values: Values): string | undefined {
  if (name === 'verify-fas') {
    values.account = text
    return undefined
  }
  const [, namespace, repository, number] = SHORT.exec(text) ?? ADDRESS.exec(text) ?? []
  if (namespace === undefined || repository === undefined || number === undefined)
    return `${JSON.stringify(text)} is neither <namespace>/<repository>#<number> nor the address of a pull request`
  values.pullRequests = [...(values.pullRequests ?? []), { namespace, repository, number: Number(number) }]
  return undefined
}
