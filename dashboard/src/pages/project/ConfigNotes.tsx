import type { ProjectConfig } from '../../api/project-queries.ts'
import { Icon } from '../../components/Icon.tsx'
import { WebLink } from '../../components/WebLink.tsx'

interface NotesProps {
  kind: 'error' | 'warning'
  notes: ProjectConfig['errors']
  /** The configuration file; null where none was found. */
  file: string | null
  /** The page of a line on the forge. */
  urlOf: (line: number | null) => string | null
}

const LOOKS = {
  error: { title: ['error', 'errors'], icon: 'cross-circle', look: 'cause' },
  warning: { title: ['warning', 'warnings'], icon: 'triangle', look: 'cause cause-orange' },
} as const

/** What is wrong with the file, each with its place and the line as it is written. */
export function ConfigNotes({ kind, notes, file, urlOf }: NotesProps) {
  if (notes.length === 0) return null
  const { title, icon, look } = LOOKS[kind]
  return (
    <section>
      <h2>
        {notes.length} {title[notes.length === 1 ? 0 : 1]}
      </h2>
      {notes.map(({ message, line, column, text }) => (
        <div key={`${line}:${column} ${message}`} className={`${look} config-note`}>
          <p className="cause-title">
            <Icon name={icon} />
            <span className="wrapped">{message}</span>
          </p>
          {line === null || file === null ? null : (
            <p className="config-place">
              <WebLink href={urlOf(line)}>
                <code>
                  {file}:{line}
                  {column === null ? '' : `:${column}`}
                </code>
              </WebLink>
            </p>
          )}
          {line === null || text === null ? null : (
            <div className="cause-lines">
              <table>
                <tbody>
                  <tr className="hit">
                    <th scope="row">{line}</th>
                    <td>{text}</td>
                  </tr>
                </tbody>
              </table>
            </div>
          )}
        </div>
      ))}
    </section>
  )
}
