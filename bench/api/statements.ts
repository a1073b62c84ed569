// What a request asks the database, seen from below the server: the statements that its drivers are given.
import pg from 'pg'
import type { Database } from '../../server/src/db/database.ts'

export interface Statement {
  text: string
  values: unknown[]
  /** Of a statement that is prepared on its connection. */
  name?: string
}

type Query = (...args: unknown[]) => unknown

/** Notes every statement of this process until it is disposed of. */
export class StatementRecorder implements Disposable {
  readonly #restore: () => void
  #statements: Statement[] = []

  constructor(database: Database) {
    const owner = (database.client.kind === 'embedded' ? database.client.pglite : pg.Client.prototype) as unknown as {
      query: Query
    }
    const query = owner.query
    const note = (args: unknown[]) => this.#note(args)
    owner.query = function (this: unknown, ...args: unknown[]) {
      note(args)
      return query.apply(this, args)
    }
    this.#restore = () => {
      owner.query = query
    }
  }

  /** The statements since the last call. */
  take(): Statement[] {
    const taken = this.#statements
    this.#statements = []
    return taken
  }

  [Symbol.dispose](): void {
    this.#restore()
  }

  /** A driver is given a text and its values, or one object with both. */
  #note([query, values]: unknown[]): void {
    const config = typeof query === 'string' ? { text: query } : (query as Partial<Statement>)
    if (config.text === undefined) return
    const given = config.values ?? (Array.isArray(values) ? values : [])
    this.#statements.push({ text: config.text, values: given, ...(config.name ? { name: config.name } : {}) })
  }
}
