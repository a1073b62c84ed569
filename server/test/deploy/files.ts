// What lies in deploy/, read.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
export const DEPLOY = `${ROOT}deploy/`

export const readDeploy = (path: string) => readFile(`${DEPLOY}${path}`, 'utf8')

/** The documents of a YAML file; merge keys (`<<`) are resolved. */
export async function readYaml<T>(path: string): Promise<T[]> {
  const documents = parseAllDocuments(await readDeploy(path), { merge: true })
  return documents.map((document) => {
    const [problem] = document.errors
    if (problem) throw new Error(`deploy/${path}: ${problem.message}`)
    return document.toJS() as T
  })
}
