import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { NotFoundError } from '../domain/errors.ts'
import type { Forge, ForgeRepository, ShownCheck } from './forge.ts'

/** What the contract asks of whoever holds a forge to it. */
export interface ForgeUnderTest {
  forge: Forge
  /** One that we may write to. */
  repository: ForgeRepository
  /** The number of an open pull request of it, whose head is on no other branch. */
  pullRequest: number
  /** A tag, annotated if the forge knows such. */
  tag: { name: string; sha: string }
  /** Who may write to it, and who may not. */
  member: string
  stranger: string
}

/**
 * What every forge does, whoever it is: run it from a test file of each.
 *
 * @param open  makes the forge and what is on it, once for all its tests
 */
export function testForge(name: string, open: () => Promise<ForgeUnderTest>): void {
  let opened: Promise<ForgeUnderTest> | undefined
  const world = () => {
    opened ??= open()
    return opened
  }
  /** With the head of the pull request. */
  const worldWithHead = async () => {
    const under = await world()
    return { ...under, head: (await under.forge.findPullRequest(under.repository, under.pullRequest)).head.sha }
  }

  describe(`${name} keeps the contract of a forge`, () => {
    test('a check that was made is found by name and event, and brought to its end without another', async () => {
      const { forge, repository, head } = await worldWithHead()
      const check = checkOf(head)
      assert.equal(await forge.findCheck(repository, check), undefined)
      const id = await forge.createCheck(repository, check)
      assert.equal(await forge.findCheck(repository, check), id)
      assert.equal(await forge.findCheck(repository, { ...check, externalId: 'another' }), undefined)
      const startedAt = new Date('2026-11-24T12:00:00Z')
      await forge.updateCheck(repository, id, { ...check, phase: { status: 'in_progress' }, startedAt })
      const ended = { ...check, startedAt, endedAt: new Date('2026-11-24T12:01:00Z') }
      await forge.updateCheck(repository, id, { ...ended, phase: { status: 'completed', conclusion: 'failure' } })
      assert.equal(await forge.findCheck(repository, check), id)
    })

    test('of several checks of one name and event the newest is found', async () => {
      const { forge, repository, head } = await worldWithHead()
      const check = checkOf(head)
      await forge.createCheck(repository, check)
      const second = await forge.createCheck(repository, check)
      assert.equal(await forge.findCheck(repository, check), second)
    })

    test('a check of a commit that is not there, and one that is not there, are not found', async () => {
      const { forge, repository, head } = await worldWithHead()
      const lost = checkOf('1'.repeat(40))
      await assert.rejects(forge.createCheck(repository, lost), NotFoundError)
      await assert.rejects(forge.updateCheck(repository, '1', checkOf(head)), NotFoundError)
    })

    test('a status is set for each way a check can end', async () => {
      const { forge, repository, head } = await worldWithHead()
      const check = checkOf(head)
      await forge.setStatus(repository, check)
      for (const conclusion of ['success', 'failure', 'neutral', 'cancelled', 'skipped', 'action_required'] as const)
        await forge.setStatus(repository, { ...check, phase: { status: 'completed', conclusion } })
    })

    test('a comment that was written is found by what it holds, and gets its reaction once', async () => {
      const { forge, repository, pullRequest, head } = await worldWithHead()
      for (const place of [
        { on: 'pull_request', number: pullRequest },
        { on: 'commit', sha: head },
      ] as const) {
        const mark = `<!-- ${randomUUID()} -->`
        assert.equal(await forge.findComment(repository, place, mark), undefined)
        const id = await forge.addComment(repository, place, `A comment of a test. ${mark}`)
        assert.equal(await forge.findComment(repository, place, mark), id)
        if (place.on === 'commit') continue
        await forge.acknowledge(repository, place, id)
        await forge.acknowledge(repository, place, id)
      }
      await assert.rejects(forge.addComment(repository, { on: 'issue', number: 99_999_999 }, 'x'), NotFoundError)
      await assert.rejects(forge.acknowledge(repository, { on: 'issue', number: 1 }, '1'), NotFoundError)
    })

    test('who may write is told from who may not, and from who does not exist', async () => {
      const { forge, repository, member, stranger } = await world()
      assert.match(await forge.findPermission(repository, member), /^(admin|write)$/)
      assert.match(await forge.findPermission(repository, stranger), /^(read|none)$/)
      assert.equal(await forge.findPermission(repository, `nobody-${randomUUID().slice(0, 20)}`), 'none')
    })

    test('a pull request is read as deliveries tell it, and is among the open ones', async () => {
      const { forge, repository, pullRequest } = await world()
      const found = await forge.findPullRequest(repository, pullRequest)
      assert.equal(found.action, 'opened')
      assert.equal(found.number, pullRequest)
      assert.equal(found.project.forge, forge.host)
      assert.equal(`${found.project.namespace}/${found.project.name}`, `${repository.namespace}/${repository.name}`)
      assert.ok(found.project.repositoryId && found.project.installationId)
      assert.equal(typeof found.head.isFork, 'boolean')
      assert.match(found.head.sha, /^[0-9a-f]{40}$/)
      assert.ok(found.order)
      const open = await Array.fromAsync(forge.listOpenPullRequests(repository))
      assert.deepEqual(
        open.find(({ number }) => number === pullRequest),
        found,
      )
      await assert.rejects(forge.findPullRequest(repository, 99_999_999), NotFoundError)
    })

    test('a tag leads to its commit; one that is not there to none', async () => {
      const { forge, repository, tag } = await world()
      assert.equal(await forge.findTagCommit(repository, tag.name), tag.sha)
      await assert.rejects(forge.findTagCommit(repository, `no-${randomUUID()}`), NotFoundError)
    })

    test('a commit is on a branch that has it in its history, and on no other', async () => {
      const { forge, repository, tag, pullRequest } = await world()
      const { base, head } = await forge.findPullRequest(repository, pullRequest)
      assert.equal(await forge.isOnBranch(repository, base.ref, base.sha ?? ''), true)
      assert.equal(await forge.isOnBranch(repository, base.ref, tag.sha), true)
      assert.equal(await forge.isOnBranch(repository, base.ref, head.sha), false)
      assert.equal(await forge.isOnBranch(repository, `no-${randomUUID()}`, base.sha ?? ''), false)
    })

    test('a repository is described, among those of its installation too; one that is not there is not found', async () => {
      const { forge, repository } = await world()
      const { defaultBranch, ...project } = await forge.findRepository(repository)
      assert.ok(defaultBranch)
      const all = await Array.fromAsync(forge.listRepositories())
      const listed = all.find(({ repositoryId }) => repositoryId === project.repositoryId)
      assert.deepEqual({ ...listed }, { ...project, account: project.namespace })
      await assert.rejects(
        forge.findRepository({ ...repository, name: `no-${randomUUID()}`, installationId: null }),
        NotFoundError,
      )
    })

    test('deliveries are listed, newest first, as far back as was asked', async () => {
      const { forge } = await world()
      const all = await Array.fromAsync(forge.listDeliveries(new Date(0)))
      const times = all.map(({ deliveredAt }) => deliveredAt.getTime())
      assert.deepEqual(
        times,
        times.toSorted((a, b) => b - a),
      )
      assert.ok(all.every(({ id, deliveryId, event }) => /^\d+$/.test(id) && deliveryId && event))
      assert.deepEqual(await Array.fromAsync(forge.listDeliveries(new Date(Date.now() + 86_400_000))), [])
      await assert.rejects(forge.redeliver('1'), NotFoundError)
    })

    test('git is given what lets it fetch, and limits are known after a request', async () => {
      const { forge, repository } = await world()
      assert.match(await forge.fetchAuthorization(repository), /^Basic [A-Za-z0-9+/=]{20,}$/)
      await forge.findRepository(repository)
      const [limit] = forge.limits()
      assert.ok(limit && limit.limit > 0 && limit.remaining > 0 && limit.blockedUntil === null)
    })
  })
}

function checkOf(sha: string): ShownCheck {
  return {
    name: `packit-contract-${randomUUID().slice(0, 8)}`,
    sha,
    externalId: randomUUID(),
    phase: { status: 'queued' },
    output: { title: 'A test of the contract', summary: 'It may be ignored.', annotations: [], buttons: [] },
    url: 'https://packit.example.org/',
    startedAt: null,
    endedAt: null,
  }
}
