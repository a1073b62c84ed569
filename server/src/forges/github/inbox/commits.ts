import { DeliveryError } from '../../../domain/forge-event.ts'
import { isQueueBranch } from '../../../domain/merge-queue.ts'
import { readProject } from '../pull-request.ts'
import { installationOf, type Reader, unusedAction } from './reader.ts'

const NO_COMMIT = /^0+$/

export const readPush: Reader = ({ body }) => {
  const [, refKind, ref] = body.ref('ref').match(/^refs\/(heads|tags)\/(.+)$/) ?? []
  if (!ref) throw new DeliveryError('ref must begin with refs/heads/ or refs/tags/')
  if (refKind === 'tags') return `the tag ${ref} was pushed; a release is built when GitHub tells that it was published`
  if (isQueueBranch(ref)) return `${ref} is a branch of the merge queue, which is told of by the event "merge_group"`
  const after = body.sha('after')
  const before = body.optionalSha('before')
  return {
    kind: 'push',
    project: readProject(body.object('repository'), installationOf(body)),
    ref,
    refKind: 'branch',
    before: before && !NO_COMMIT.test(before) ? before : null,
    after: NO_COMMIT.test(after) ? null : after,
    author: body.has('pusher') ? body.object('pusher').text('name', 200) : '',
  }
}

export const readRelease: Reader = ({ body, action }) => {
  if (action !== 'published') return `${unusedAction(action, 'releases')}: one is built when it is published`
  const release = body.object('release')
  const tag = release.ref('tag_name')
  return {
    kind: 'release',
    project: readProject(body.object('repository'), installationOf(body)),
    tag,
    title: release.optionalText('name') ?? tag,
    author: release.has('author') ? release.object('author').text('login', 200) : '',
    url: release.optionalPage('html_url'),
  }
}

export const readMergeGroup: Reader = ({ body, action }) => {
  if (action !== 'checks_requested' && action !== 'destroyed') return unusedAction(action, 'merge groups')
  const group = body.object('merge_group')
  return {
    kind: 'merge_group',
    action: action === 'destroyed' ? 'ended' : 'asked',
    project: readProject(body.object('repository'), installationOf(body)),
    ref: branchName(group.ref('head_ref')),
    sha: group.sha('head_sha'),
    base: { ref: branchName(group.ref('base_ref')), sha: group.sha('base_sha') },
  }
}

function branchName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '')
}
