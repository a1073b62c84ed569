/** Reads one large results file in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { parseResults, ResultsError } from './results-xml.ts'

export interface ResultsWork {
  xml: string
  base: string | undefined
}

const { xml, base } = workerData as ResultsWork
try {
  parentPort?.postMessage({ results: parseResults(xml, base) })
} catch (error) {
  if (!(error instanceof ResultsError)) throw error
  parentPort?.postMessage({ refused: error.message })
}
