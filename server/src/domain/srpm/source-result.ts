import { type MakeSrpmResult, parseMakeSrpmResult } from './step.ts'

/** What stands before the result of a source step in its log: all that Copr gives back of a step that failed. */
const MARK = 'packit-source-result: '
const MOST_FILES = 200

/** The line that tells how the making of sources ended; ASCII, since a log may pass through a terminal. */
export function showSourceResult(result: MakeSrpmResult): string {
  const short = result.ok
    ? { ...result, buildRequires: [] }
    : { ...result, message: result.message.slice(0, 10_000), ...(result.files && { files: shorten(result.files) }) }
  const json = JSON.stringify(short)
  return MARK + json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function shorten(files: readonly string[]): string[] {
  return files.slice(0, MOST_FILES).map((file) => file.slice(0, 500))
}

/**
 * The last result that a log tells of, checked: code of strangers writes into the same log.
 *
 * @param log  its end; anything may stand before and behind the line, and on it before the mark
 */
export function findSourceResult(log: string): MakeSrpmResult | undefined {
  const at = log.lastIndexOf(MARK)
  if (at === -1) return undefined
  const [line = ''] = log.slice(at + MARK.length).split(/[\r\n]/, 1)
  try {
    return parseMakeSrpmResult(JSON.parse(line))
  } catch {
    return undefined
  }
}
