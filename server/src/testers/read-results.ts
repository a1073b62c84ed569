import { Worker } from 'node:worker_threads'
import type { TestCaseResult } from '../domain/test-result.ts'
import type { ResultsWork } from './results-worker.ts'
import { MAX_XML_BYTES, parseResults, ResultsError } from './results-xml.ts'

/** Up to here parsing takes a few hundredths of a second. */
const SMALL_CHARS = 60_000
const MOST_MS = 60_000
const MOST_MEMORY_MB = 768

/**
 * Reads a results file as `parseResults` does. One that is not small is read in a thread of its own: parsing takes seconds
 * then, during which this process could do nothing else.
 *
 * @throws {ResultsError} besides when it takes too long or too much memory
 */
export async function readResults(xml: string, base?: string): Promise<TestCaseResult[]> {
  if (xml.length <= SMALL_CHARS || xml.length > MAX_XML_BYTES) return parseResults(xml, base)
  const worker = new Worker(new URL('./results-worker.ts', import.meta.url), {
    workerData: { xml, base } satisfies ResultsWork,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    // it sees no setting of ours
    env: {},
  })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<TestCaseResult[]>((resolve, reject) => {
      timer = setTimeout(() => reject(new ResultsError('reading it takes too long')), MOST_MS)
      worker.on('message', ({ results, refused }: { results?: TestCaseResult[]; refused?: string }) =>
        results ? resolve(results) : reject(new ResultsError(refused ?? 'it can not be read')),
      )
      worker.on('error', (error) => reject(new ResultsError('it can not be read', { cause: error })))
      worker.on('exit', () => reject(new ResultsError('it can not be read')))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
