import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, SetupError } from './errors.ts'
import { checkGitUrl, type GitUrl, isOpenGitHost, maskUrl, parseGitAllow } from './git-url.ts'

test('https and ssh addresses are taken apart', () => {
  const forms: [string, GitUrl][] = [
    ['https://GitHub.com/a/b.git/', http('https://github.com/a/b.git', 'github.com', 443)],
    ['https://git.example.org:8443/x', http('https://git.example.org:8443/x', 'git.example.org', 8443)],
    ['https://[2606:4700::1]/x', http('https://[2606:4700::1]/x', '[2606:4700::1]', 443)],
    ['ssh://git@github.com/a/b', ssh('ssh://git@github.com/a/b', 'git', 'github.com', 22)],
    ['ssh://host.example:2222/~me/b.git', ssh('ssh://host.example:2222/~me/b.git', undefined, 'host.example', 2222)],
    ['git@github.com:a/b.git', ssh('git@github.com:a/b.git', 'git', 'github.com', 22)],
    ['host.example:/srv/b', ssh('ssh://host.example/srv/b', undefined, 'host.example', 22)],
    ['ssh://git@[2606:4700::1]/b', ssh('ssh://git@[2606:4700::1]/b', 'git', '2606:4700::1', 22)],
  ]
  for (const [text, expected] of forms) assert.deepEqual(checkGitUrl(text, []), expected, text)
})

test('nothing that could run a program, read this machine or leak a password is accepted', () => {
  const refused = [
    [
      '',
      '-',
      '--upload-pack=touch /tmp/x',
      '-oProxyCommand=x',
      'ssh://-oProxyCommand=x/y',
      'ssh://a@-oProxyCommand=x/y',
    ],
    [
      '-oProxyCommand=x:y',
      'git@-oProxyCommand=x:y',
      '-l@host:y',
      'ssh://-x@host/y',
      'ssh://host/-x',
      'ssh://host/$(id)',
    ],
    ['git@host:a;id', 'git@host:`id`', "git@host:a'b", 'git@host:a b', 'ssh://host:22:22/a', 'git@host:-x'],
    ['ext::sh -c id', 'ext::id', 'fd::17', 'ext://x', 'git://github.com/a/b', 'ftp://x/y', 'ftps://x/y', 'rsync://x/y'],
    [
      'transport::https://x/y',
      'https::https://x/y',
      'git+ssh://x/y',
      'http://github.com/a/b',
      'data:text,x',
      'javascript:x',
    ],
    [
      'file:///etc',
      'file://host/srv',
      'FILE:///etc',
      '/etc',
      '/',
      './x',
      '../x',
      'x',
      '~/x',
      'C:\\x',
      'file:/etc',
      'file:etc',
    ],
    ['https://token@github.com/a', 'https://me:pw@github.com/a', 'ssh://me:pw@host/a'],
    [
      'https://github.com/a?x=y',
      'https://github.com/a#x',
      'https://github.com/a\nb',
      'https://git hub.com/',
      'https://',
    ],
    ['https://x/\u0000', `https://x/${'y'.repeat(3000)}`, '[::1]', 'git@[::1', 'https://x:99999/'],
  ].flat()
  for (const text of refused) {
    assert.throws(() => checkGitUrl(text, []), ConfigError, text)
  }
})

test('folders are closed unless they are opened, and no way leads out of an open one', () => {
  const allow = parseGitAllow('/srv/git/, /home/me/project')
  assert.deepEqual(checkGitUrl('file:///srv/git/a.git/', allow), {
    kind: 'file',
    href: 'file:///srv/git/a.git',
    path: '/srv/git/a.git',
  })
  // git decodes what stands behind file://
  assert.equal(checkGitUrl('/srv/git/my 100%25.git', allow).href, 'file:///srv/git/my%20100%2525.git')
  assert.equal(checkGitUrl('/srv/git', allow).kind, 'file')
  assert.equal(checkGitUrl('/home/me/project', allow).kind, 'file')
  const outside = [
    '/srv/gitx',
    '/srv/git/../x',
    '/srv/git/a/../../x',
    'file:///srv/git/%2e%2e/x',
    'file:///srv/git/..%2fx',
  ]
  for (const text of [...outside, '/srv', '/home/me/project2', 'file:///srv/git/%00', 'file:///srv/git/%ff']) {
    assert.throws(() => checkGitUrl(text, allow), ConfigError, text)
  }
})

test('plain http is for hosts that the operator opened for it', () => {
  const allow = parseGitAllow('http://git.lan,https.lan')
  assert.equal(checkGitUrl('http://git.lan:8080/x', allow).kind, 'http')
  assert.throws(() => checkGitUrl('http://https.lan/x', allow), /PACKIT_GIT_ALLOW=http:\/\/https\.lan/)
  assert.ok(isOpenGitHost('git.lan', allow) && isOpenGitHost('https.lan', allow))
  assert.ok(!isOpenGitHost('x.git.lan', allow))
})

test('an entry that can’t be read is named', () => {
  for (const entry of ['srv/git', 'https://x', 'a b', '-x', 'ssh://x', '*']) {
    assert.throws(() => parseGitAllow(`/srv, ${entry}`), SetupError, entry)
  }
  assert.throws(() => parseGitAllow('srv/git'), /'srv\/git' is no folder/)
  assert.deepEqual(parseGitAllow(' '), [])
})

test('a message never repeats a password, token or control character', () => {
  const secrets = [
    'https://hunter2@x/y',
    'https://me:hunter2@x/y',
    'ssh://me:hunter2@x/y',
    'https://hunter2:@x y',
    'ftp://a:hunter2@x/',
  ]
  for (const text of secrets)
    assert.throws(
      () => checkGitUrl(text, []),
      (error: Error) => !error.message.includes('hunter2'),
      text,
    )
  assert.equal(
    maskUrl("fatal: unable to access 'https://me:pw@x/y/': no"),
    "fatal: unable to access 'https://***@x/y/': no",
  )
  assert.equal(maskUrl('ssh://git@x/y git@x:y'), 'ssh://git@x/y git@x:y')
  assert.equal(maskUrl('a\u001b[2Jb'), 'a\\x1b[2Jb')
})

function http(href: string, host: string, port: number): GitUrl {
  return { kind: 'http', href, protocol: 'https', host, port }
}

function ssh(href: string, user: string | undefined, host: string, port: number): GitUrl {
  return { kind: 'ssh', href, user, host, port }
}
