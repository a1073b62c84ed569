import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SetupError } from './errors.ts'
import {
  AddressRefused,
  allowedAddresses,
  findRefusal,
  isOpenHost,
  PUBLIC_ONLY,
  parseAddressRule,
  parseNetAllow,
} from './net-address.ts'

test('public addresses are allowed', () => {
  for (const address of ['8.8.8.8', '140.82.121.4', '2606:4700::6810:85e5', '2a04:4e42::81', '64:ff9b::8c52:7904']) {
    assert.equal(findRefusal(address, PUBLIC_ONLY), undefined, address)
  }
})

test('addresses that lead into somebody’s own network are refused, whatever they are dressed as', () => {
  const inside = [
    ['127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ['169.254.169.254', '168.63.129.16', '100.64.0.1', '100.100.100.200', '224.0.0.1', '255.255.255.255', '240.0.0.1'],
    ['192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.7', '203.0.113.9', '192.88.99.1'],
    ['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '2001:db8::1', '100::1'],
    ['::ffff:127.0.0.1', '::ffff:a00:1', '::ffff:0:127.0.0.1', '::127.0.0.1', '::8.8.8.8', '64:ff9b::7f00:1'],
    ['64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '2002:7f00:1::', '2002:808:808::', '2001:0:1::1', '4000::1'],
    ['2606:4700::5efe:7f00:1', '2606:4700::200:5efe:a00:1'],
  ].flat()
  for (const address of inside) assert.notEqual(findRefusal(address, PUBLIC_ONLY), undefined, address)
})

test('only plain spellings count as addresses', () => {
  for (const text of [
    '',
    'localhost',
    '0x7f.1',
    '127.1',
    '2130706433',
    '0177.0.0.1',
    '8.8.8.8.8',
    '8.8.8',
    ' 8.8.8.8',
    '::g',
  ]) {
    assert.notEqual(findRefusal(text, PUBLIC_ONLY), undefined, text)
  }
})

test('no private IPv4 address gets through in an IPv6 one', () => {
  const byte = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(fc.constantFrom('::ffff:', '64:ff9b::', '::ffff:0:'), byte, byte, byte, (prefix, a, b, c) => {
      assert.notEqual(findRefusal(`${prefix}10.${a}.${b}.${c}`, PUBLIC_ONLY), undefined)
    }),
  )
})

test('the operator opens networks, addresses and hosts, and nothing beside them', () => {
  const allow = parseNetAllow('10.0.0.0/8, 127.0.0.1 ::1\nfd00::/8,Git.LAN *.corp.example')
  for (const address of ['10.9.9.9', '127.0.0.1', '::1', 'fd12::1', '::ffff:10.0.0.1']) {
    assert.equal(findRefusal(address, allow), undefined, address)
  }
  for (const address of ['127.0.0.2', '192.168.0.1', 'fc00::1', '::ffff:192.168.0.1']) {
    assert.notEqual(findRefusal(address, allow), undefined, address)
  }
  assert.ok(isOpenHost('git.lan', allow))
  assert.ok(isOpenHost('GIT.lan.', allow))
  assert.ok(isOpenHost('a.b.corp.example', allow))
  assert.ok(!isOpenHost('corp.example', allow))
  assert.ok(!isOpenHost('evilcorp.example', allow))
  assert.ok(!isOpenHost('git.lan.example.org', allow))
})

test('an entry that can’t be read is named', () => {
  for (const entry of [
    '10.0.0.0/33',
    '10.0.0/8',
    '1234',
    '10.0.0.0/8/8',
    'a b',
    'a/c',
    '',
    'http://x',
    '-x',
    'fd00::/129',
    '*',
  ]) {
    assert.throws(() => parseAddressRule(entry), SetupError, entry)
  }
  assert.deepEqual(parseNetAllow(' , '), PUBLIC_ONLY)
  assert.throws(() => parseNetAllow('127.0.0.1 10.0.0.0/33'), /'10\.0\.0\.0\/33' is no network/)
})

test('of a host’s addresses the allowed ones are kept; when none is, the message says which and what to do', () => {
  assert.deepEqual(allowedAddresses('x.org', ['10.0.0.1', '8.8.8.8'], PUBLIC_ONLY), ['8.8.8.8'])
  assert.deepEqual(allowedAddresses('git.lan', ['10.0.0.1'], parseNetAllow('git.lan')), ['10.0.0.1'])
  assert.throws(() => allowedAddresses('x.org', ['10.0.0.1'], PUBLIC_ONLY), {
    name: 'AddressRefused',
    message: /^x\.org has the address 10\.0\.0\.1, which is a private address: .*PACKIT_NET_ALLOW/,
  })
  assert.throws(
    () => allowedAddresses('[::1]', ['::1'], PUBLIC_ONLY),
    /^AddressRefused: ::1 is an address of this machine itself/,
  )
  assert.throws(() => allowedAddresses('x.org', [], PUBLIC_ONLY), new AddressRefused('x.org has no address'))
})
