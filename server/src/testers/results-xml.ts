import { XMLParser } from 'fast-xml-parser'
import type { TestCaseResult, TestResultWord } from '../domain/test-result.ts'
import { cleanResults } from './clean-results.ts'

/** Larger files aren't read: parsing holds up everything else in this process. */
export const MAX_XML_BYTES = 8 * 1024 ** 2
/** Levels of nested tags; a results file of a dozen test suites has seven. */
const MAX_DEPTH = 32

/** A results file that can't be read; the text says why. */
export class ResultsError extends Error {
  override name = 'ResultsError'
}

const LISTS = new Set(['testsuite', 'testcase', 'log', 'failure', 'error', 'skipped', 'system-out', 'system-err'])

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
  isArray: (name) => LISTS.has(name),
})

type Node = Record<string, unknown>

/**
 * What the tests of a results file said: the `results.xml` of Testing Farm, or any JUnit file.
 *
 * @param base  address of the file: links in it may be relative
 * @returns     within `BOUNDS`
 * @throws {ResultsError} when it is too large, no XML, has a document type (entities of its own), or holds no test suites
 */
export function parseResults(xml: Buffer | string, base?: string): TestCaseResult[] {
  if (xml.length > MAX_XML_BYTES) throw new ResultsError(`it has more than ${MAX_XML_BYTES} bytes`)
  const text = xml.toString()
  // none that is honest has one, and it is where entities are declared that grow without end or name files
  if (/<!(doctype|entity)/i.test(text)) throw new ResultsError('it has a document type, which no results need')
  const root = parseXml(text)
  const whole = root.testsuites
  const suites = isNode(whole) ? whole.testsuite : root.testsuite
  if (suites === undefined && whole === undefined) throw new ResultsError('it holds no test suites')
  const found: TestCaseResult[] = []
  for (const suite of nodes(suites)) readSuite(suite, '', base, found)
  return cleanResults(found)
}

function parseXml(text: string): Node {
  try {
    const root: unknown = parser.parse(text, true)
    if (isNode(root)) return root
  } catch (error) {
    throw new ResultsError(error instanceof Error ? error.message.slice(0, 300) : 'it is no XML', { cause: error })
  }
  throw new ResultsError('it is no XML')
}

function readSuite(suite: Node, parent: string, base: string | undefined, found: TestCaseResult[]): void {
  const own = attribute(suite, 'name') ?? ''
  const name = parent !== '' && own !== '' && !own.startsWith(parent) ? `${parent} ${own}` : own || parent
  for (const test of nodes(suite.testcase)) found.push(readCase(test, name, base))
  for (const inner of nodes(suite.testsuite)) readSuite(inner, name, base, found)
}

function readCase(test: Node, suite: string, base: string | undefined): TestCaseResult {
  const word = attribute(test, 'result')
  const path = attribute(test, 'file')
  const line = Number(attribute(test, 'line') ?? Number.NaN)
  const className = attribute(test, 'classname')
  const name = attribute(test, 'name') ?? '(no name)'
  return {
    suite,
    name: className && className !== suite && !name.startsWith(className) ? `${className} ${name}` : name,
    result: word === undefined ? resultOfChildren(test) : resultOfWord(word),
    seconds: secondsOf(attribute(test, 'time') ?? attribute(test, 'duration')),
    message: messageOf(test, word),
    place: path === undefined ? null : { path, line: Number.isSafeInteger(line) ? line : null },
    logs: nodes(isNode(test.logs) ? test.logs.log : undefined).flatMap((log) => readLog(log, base)),
  }
}

/** Of Testing Farm and tmt; what is pending in a finished file never ran. */
const WORDS = new Map<string, TestResultWord>([
  ['passed', 'passed'],
  ['pass', 'passed'],
  ['failed', 'failed'],
  ['fail', 'failed'],
  ['error', 'error'],
  ['errored', 'error'],
  ['skipped', 'skipped'],
  ['skip', 'skipped'],
  ['info', 'info'],
  ['warn', 'info'],
  ['pending', 'not-run'],
  ['undefined', 'not-run'],
])

function resultOfWord(word: string): TestResultWord {
  return WORDS.get(word.toLowerCase()) ?? 'error'
}

function resultOfChildren(test: Node): TestResultWord {
  if (test.failure !== undefined) return 'failed'
  if (test.error !== undefined) return 'error'
  return test.skipped === undefined ? 'passed' : 'skipped'
}

/** What JUnit's elements say; and the runner's own word, when it is one that nobody knows. */
function messageOf(test: Node, word: string | undefined): string | null {
  const parts = ['failure', 'error', 'skipped', 'system-out', 'system-err'].flatMap((name) =>
    list(test[name]).map(said),
  )
  if (word !== undefined && !WORDS.has(word.toLowerCase())) parts.unshift(`The runner says “${word}”.`)
  return parts.filter((part) => part !== '').join('\n') || null
}

function said(element: unknown): string {
  if (typeof element === 'string') return element.trim()
  if (!isNode(element)) return ''
  const text = element['#text']
  const body = typeof text === 'string' ? text.trim() : ''
  const title = attribute(element, 'message') ?? ''
  return body.startsWith(title) ? body : [title, body].filter(Boolean).join('\n')
}

/** `12.5`, or `h:mm:ss` as tmt writes it. */
function secondsOf(text: string | undefined): number | null {
  if (text === undefined) return null
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text)
  const clock = /^(\d{1,4}):(\d{2}):(\d{2})$/.exec(text)
  return clock ? Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]) : null
}

function readLog(log: Node, base: string | undefined): { name: string; url: string }[] {
  const href = attribute(log, 'href')
  if (href === undefined || !URL.canParse(href, base)) return []
  return [{ name: attribute(log, 'name') ?? 'log', url: new URL(href, base).href }]
}

function attribute(node: Node, name: string): string | undefined {
  const value = node[`@${name}`]
  return typeof value === 'string' ? value : undefined
}

function list(value: unknown): unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

function nodes(value: unknown): Node[] {
  return list(value).filter(isNode)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
