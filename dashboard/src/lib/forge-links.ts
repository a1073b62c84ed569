type Forge = 'github' | 'gitlab' | 'pagure' | 'forgejo'

const FORGES: readonly [host: RegExp, forge: Forge][] = [
  [/^github\.com$/, 'github'],
  [/^gitlab\./, 'gitlab'],
  [/^(src\.fedoraproject\.org|pagure\.io)$/, 'pagure'],
  [/^(codeberg\.org|forgejo\.|gitea\.)/, 'forgejo'],
]
const FILES: Record<Forge, [path: string, line: string]> = {
  github: ['blob/COMMIT/FILE', '#L'],
  gitlab: ['-/blob/COMMIT/FILE', '#L'],
  pagure: ['blob/COMMIT/f/FILE', '#_'],
  forgejo: ['src/commit/COMMIT/FILE', '#L'],
}
const ISSUES: Record<Forge, string> = { github: 'issues', gitlab: '-/issues', pagure: 'issue', forgejo: 'issues' }

interface Place {
  forge: string
  projectUrl: string
  commit: string | null
  file: string
  line?: number | null
}

/** The page of a file at a commit on its forge, at a line of it; null for a forge whose addresses aren't known. */
export function fileUrl({ forge, projectUrl, commit, file, line }: Place): string | null {
  const kind = kindOf(forge, projectUrl)
  if (kind === null || commit === null) return null
  const [path, mark] = FILES[kind]
  const encoded = file.split('/').map(encodeURIComponent).join('/')
  const address = path.replace('COMMIT', () => commit).replace('FILE', () => encoded)
  return `${baseOf(projectUrl)}/${address}${line ? mark + line : ''}`
}

export function issueUrl(forge: string, projectUrl: string, number: number): string | null {
  const kind = kindOf(forge, projectUrl)
  return kind === null ? null : `${baseOf(projectUrl)}/${ISSUES[kind]}/${number}`
}

function kindOf(forge: string, projectUrl: string): Forge | null {
  if (!/^https?:\/\//.test(projectUrl)) return null
  return FORGES.find(([host]) => host.test(forge))?.[1] ?? null
}

const baseOf = (projectUrl: string) => projectUrl.replace(/(\.git)?\/?$/, '')
