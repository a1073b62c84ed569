// The pages on the real service: a real pull request, rpmbuild in the sandbox, a real browser.
import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { TestRepository } from '../../server/src/git/test-repository.ts'
import { ServiceProcess } from '../../server/test/service-process.ts'
import {
  assertAccessible,
  assertFits,
  launchBrowser,
  openPage,
  picture,
  SIZES,
  settled,
  takeProblems,
} from './world.ts'

const SAMPLE = fileURLToPath(new URL('../../examples/hello', import.meta.url))

/** The sample with a build that takes a while, prints as it goes, and fails its check. */
async function slowSample(path: string): Promise<TestRepository> {
  const repository = await TestRepository.create(path)
  await cp(SAMPLE, path, { recursive: true })
  await repository.commit({}, 'Say hello')
  repository.git('tag', 'v1.0.0')
  repository.git('checkout', '--quiet', '-b', 'change')
  const spec = await readFile(join(path, 'hello.spec'), 'utf8')
  const source = await readFile(join(path, 'src/hello.c'), 'utf8')
  const slow = '%build\nfor i in 1 2 3 4 5 6 7 8; do echo "part $i is done"; sleep 1; done\n'
  await repository.commit({
    'hello.spec': spec.replace('%build\n', slow),
    'src/hello.c': source.replace('Hello', 'Bye'),
  })
  return repository
}

test('a run is followed from its delivery to the cause of its failure, without a reload', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-browser-'))
  const repository = await slowSample(join(dir, 'hello'))
  await using service = await ServiceProcess.start(dir)
  const browser = await launchBrowser()
  try {
    const page = await openPage(browser, SIZES.wide)
    await page.goto(service.url)
    await settled(page)
    const status = await service.deliver(
      {
        kind: 'pull_request',
        action: 'opened',
        repository: { url: repository.path, forge: 'git.example.org', namespace: 'greetings', name: 'hello' },
        number: 1,
        title: 'Say good-bye',
        author: 'ann',
        base: { ref: 'main' },
        head: { ref: 'change', sha: repository.git('rev-parse', 'HEAD') },
      },
      'delivery-1',
    )
    assert.equal(status, 202)

    await page.getByRole('link', { name: 'greetings/hello#1' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Say good-bye' }).waitFor()
    await page.getByText('part 2 is done', { exact: true }).waitFor({ timeout: 60_000 })
    assert.equal(await page.getByText('part 8 is done', { exact: true }).count(), 0)
    await page.getByText('%check failed in').waitFor({ timeout: 60_000 })
    await page.getByText('FAIL: hello', { exact: false }).first().waitFor()
    assert.deepEqual(takeProblems(page), [])
    const address = page.url()

    for (const [size, theme] of [
      ['wide', 'light'],
      ['wide', 'dark'],
      ['phone', 'light'],
      ['phone', 'dark'],
    ] as const) {
      const view = await openPage(browser, { ...SIZES[size], theme })
      await view.goto(address)
      await settled(view)
      await assertAccessible(view)
      await assertFits(view)
      await picture(view, `service-run-${size}-${theme}`)
    }
  } finally {
    await browser.close()
    await service.stop()
    await rm(dir, { recursive: true, force: true })
  }
})
