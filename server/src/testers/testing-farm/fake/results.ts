import type { FakeEnd, FakeRequest, FakeTest, Json } from './requests.ts'

/** What a request leaves at its artifacts when it ends. */
export function artifactsOf(request: FakeRequest, end: FakeEnd, base: string): Map<string, string> {
  const files = new Map<string, string>()
  const { results } = end
  if (typeof results === 'string') files.set('results.xml', results)
  else if (results) {
    files.set('results.xml', resultsXml(request, end.overall ?? 'passed', results, base))
    results.forEach((test, i) => {
      files.set(logName(i), test.output ?? `${test.name}: ${test.result}\n`)
    })
  }
  return files
}

function resultsXml(request: FakeRequest, overall: string, tests: FakeTest[], base: string): string {
  const cases = tests.map((test, i) => testCase(test, `${base}/${request.id}/${logName(i)}`))
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites overall-result="${escapeXml(overall)}">
  <testsuite name="${escapeXml(planOf(request))}" result="${escapeXml(overall)}" tests="${tests.length}" stage="complete">
    <logs><log href="${escapeXml(`${base}/${request.id}/`)}" name="workdir"/></logs>
    <guest><testing-environment name="requested"><property name="arch" value="x86_64"/></testing-environment></guest>
${cases.join('\n')}
  </testsuite>
</testsuites>
`
}

function testCase({ name, result, seconds, output }: FakeTest, log: string): string {
  const time = seconds === undefined ? '' : ` time="${seconds}"`
  const isBad = result === 'failed' || result === 'error'
  const failure = isBad && output !== undefined ? `\n      <failure>${escapeXml(output)}</failure>` : ''
  return `    <testcase name="${escapeXml(name)}" result="${escapeXml(result)}"${time}>
      <logs><log href="${escapeXml(log)}" name="testout.log"/></logs>${failure}
    </testcase>`
}

function planOf({ body }: FakeRequest): string {
  const { fmf, tmt } = body.test as Json
  const { name } = (fmf ?? tmt ?? {}) as Json
  return typeof name === 'string' ? name : '/plans/all'
}

function logName(index: number): string {
  return `work/${index + 1}/testout.log`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
