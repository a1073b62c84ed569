import { expect, test } from 'vitest'
import { formatSize, packageName, projectName, triggerKind, triggerName } from './names.ts'

const hello = { repo_namespace: 'acme', repo_name: 'hello' }

test.each([
  [{ ...hello, pr_id: 12 }, 'acme/hello#12', 'Pull request'],
  [{ ...hello, branch_name: 'main' }, 'acme/hello main', 'Push'],
  [{ ...hello, release: 'v1.2' }, 'acme/hello v1.2', 'Release'],
  [{ ...hello, issue_id: 3 }, 'acme/hello#3', 'Issue'],
  [{ anitya_project_name: 'hello', anitya_version: '2.0' }, 'hello 2.0', 'Release'],
  [{}, '', 'Run'],
])('the trigger %o is called “%s”', (trigger, name, kind) => {
  expect(triggerName(trigger)).toBe(name)
  expect(triggerKind(trigger)).toBe(kind)
})

test('a namespace that isn’t there is not shown', () => {
  expect(projectName('-', 'hello')).toBe('hello')
  expect(projectName('group/sub', 'tool')).toBe('group/sub/tool')
})

test('packages are named as dnf names them: an epoch only when there is one', () => {
  const built = { name: 'hello', version: '2.12', release: '1.fc43', arch: 'x86_64' }
  expect(packageName({ ...built, epoch: 0 })).toBe('hello-2.12-1.fc43.x86_64')
  expect(packageName({ ...built, epoch: 2 })).toBe('hello-2:2.12-1.fc43.x86_64')
})

test.each([
  [999, '999 B'],
  [34_100, '34 kB'],
  [999_600, '1.0 MB'],
])('%i bytes are %s', (bytes, text) => expect(formatSize(bytes)).toBe(text))
