import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addChangelogEntry } from './changelog.ts'
import { applyEdits, decodeSpec, encodeSpec, splitLines, toSpecText } from './lines.ts'
import { findSetupMacros, pickSetupMacro, setSetupDirectory } from './prep.ts'
import { findSections } from './sections.ts'
import { addPatches, numberTags, setSource, sourceNumber } from './sources.ts'
import { findTags, mainTags, pickTag, setTagValue } from './tags.ts'

const ENTRY = { at: new Date('2026-11-03T10:20:30Z'), packager: 'A B <a@example.org>', evr: '1-1', text: '- new' }

function setDirectory(prep: string, directory: string): string {
  const spec = `Name: x\n%prep\n${prep}\n%build\n`
  const macro = pickSetupMacro(findSetupMacros(spec))
  assert.ok(macro, 'no setup macro found')
  return applyEdits(spec, [setSetupDirectory(spec, macro, directory)])
    .split('\n')
    .slice(2, -2)
    .join('\n')
}

/** Any bytes that don't begin a section, a tag of those edited, or something that swallows the next line. */
const surroundings = fc
  .uint8Array({ maxLength: 60 })
  .map((bytes) => decodeSpec(bytes).replace(/[%\\:*]/g, '#'))
  .map((text) => text.replace(/^/gm, '# '))

test('an edited spec file keeps every byte around the edits, whatever they are', () => {
  const newlines = fc.constantFrom('\n', '\r\n')
  fc.assert(
    fc.property(fc.array(surroundings, { minLength: 6, maxLength: 6 }), newlines, fc.boolean(), (around, nl, ends) => {
      const build = (version: string, source: string, setup: string, entry: string) =>
        [
          ...[around[0], `Version:\t ${version}  `, around[1], `Source0:   ${source}`, around[2]],
          ...['%prep', around[3], `%autosetup -p1 ${setup}`, around[4], '%changelog'],
          ...[`${entry}* Thu May 02 2019 A B <a@example.org> - 0.1-1`, `- x${around[5]}${ends ? nl : ''}`],
        ].join(nl)
      const before = build('1.0', 'a-%{version}.tar', '-n %{name}', '')
      const [version, macro] = [pickTag(mainTags(findTags(before), 'version')), findSetupMacros(before)[0]]
      const source = setSource(before, 0, 'b.tar')
      assert.ok(version && macro && source)
      const edits = [setTagValue(version, '2.0'), source, setSetupDirectory(before, macro, 'dir')]

      const after = addChangelogEntry(applyEdits(before, edits), ENTRY)
      const used = before.indexOf('\r\n') === before.indexOf('\n') - 1 ? '\r\n' : '\n'
      const entry = `* Tue Nov 03 2026 A B <a@example.org> - 1-1${used}- new${used}${used}`
      assert.equal(after, build('2.0', 'b.tar', '-n dir', entry))
    }),
  )
})

test('bytes of any encoding come out as they went in', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = decodeSpec(bytes)
      assert.deepEqual(new Uint8Array(encodeSpec(text)), bytes)
      assert.equal(
        splitLines(text).reduce((joined, line) => joined + text.slice(line.start, line.end), ''),
        text,
      )
    }),
  )
})

test('a name with accents becomes UTF-8 in the changelog', () => {
  const packager = 'Jiří <j@example.org>'
  const after = addChangelogEntry('%changelog\n', { ...ENTRY, packager, text: '- ä' })
  assert.equal(encodeSpec(after).toString('utf8'), `%changelog\n* Tue Nov 03 2026 ${packager} - 1-1\n- ä\n`)
})

test('a section does not begin inside a macro of several lines', () => {
  const spec = 'Name: x\n%global body %{expand:\n%prep\n%build}\n%define other \\\n%install\\\n  x\n%PREP -q\nmake\n'
  assert.deepEqual(
    findSections(spec).map((section) => [section.name, section.args, section.lines.length]),
    [
      ['preamble', '', 3],
      ['prep', '-q', 1],
    ],
  )
})

test('a section begins after a backslash at the end of a line, unless a macro is defined', () => {
  const spec = 'Name: x\n%build\nmake \\\n%check\nmake check\n'
  assert.deepEqual(
    findSections(spec).map((section) => section.name),
    ['preamble', 'build', 'check'],
  )
})

test('a macro that is never closed does not hide what follows it', () => {
  const spec = '%global broken %{expand:\nVersion: 1\n%prep\n'
  assert.deepEqual(
    findSections(spec).map((section) => section.name),
    ['preamble', 'prep'],
  )
})

test('tags are found by any case, inside a conditional expansion, and not in a description', () => {
  const spec =
    'NAME : x\n%{?with_docs:Source7: docs.tar}\nRequires(post): y\n%description\nVersion: 9\n%package sub\nVersion: 3\n'
  assert.deepEqual(
    findTags(spec).map((tag) => [tag.kind, tag.number, tag.value, tag.section]),
    [
      ['name', undefined, 'x', 'preamble'],
      ['source', 7, 'docs.tar', 'preamble'],
      ['requires', undefined, 'y', 'preamble'],
      ['version', undefined, '3', 'package'],
    ],
  )
  assert.deepEqual(mainTags(findTags(spec), 'version'), [])
})

test('sources without a number follow the one before, lists follow the tags, untaken branches count nothing', () => {
  const spec = 'Source: a\nSource5: b\nSource: c\n%if 0\nSource: no\n%endif\nSource: d\n%sourcelist\n# comment\ne\n'
  const numbers = numberTags(findTags(spec), 'source', (tag) => tag.value !== 'no')
  assert.deepEqual(
    numbers.map(({ tag, number }) => [tag.value, number]),
    [
      ['a', 0],
      ['b', 5],
      ['c', 6],
      ['no', 7],
      ['d', 7],
      ['e', 8],
    ],
  )
})

test('the configured source is found by the first number in its id', () => {
  assert.deepEqual(['Source3', 2, '7', 'Source', 'Source12x4'].map(sourceNumber), [3, 2, 7, 0, 12])
})

test('the source in the branch that is taken is the one edited', () => {
  const spec = '%if 0\nSource0: a\n%else\nSource0: b\n%endif\n'
  const edit = setSource(spec, 0, 'new', (tag) => tag.value === 'b')
  assert.equal(applyEdits(spec, edit ? [edit] : []), '%if 0\nSource0: a\n%else\nSource0: new\n%endif\n')
  assert.equal(setSource(spec, 1, 'new'), undefined)
})

test('only the directory of %setup changes, in each way to write it', () => {
  const cases = [
    ['%setup -q', '%setup -q -n d'],
    ['%setup -qn old', '%setup -qn d'],
    ['%setup -q -n%{name} -a 1  ', '%setup -q -nd -a 1  '],
    ['%setup -n "a b" -c', '%setup -n d -c'],
    ['%setup -q -n %{?x:%{name} y}-%{version} -D', '%setup -q -n d -D'],
    ['%setup -a n -q', '%setup -a n -q -n d'],
    ['%autosetup -S git -p1', '%autosetup -S git -p1 -n d'],
    ['%autosetup -Sgit -N -n', '%autosetup -Sgit -N -n d'],
    ['%{?with_x:%autosetup -n old}', '%{?with_x:%autosetup -n d}'],
    ['# %setup -n no\n%autosetup -n old', '# %setup -n no\n%autosetup -n d'],
    [
      'echo %%setup\n%autosetup -n a\n%setup -T\n%setup -n b',
      'echo %%setup\n%autosetup -n a\n%setup -T -n d\n%setup -n b',
    ],
    ['%setup', '%setup -n d'],
  ]
  for (const [before = '', after] of cases) assert.equal(setDirectory(before, 'd'), after)
  assert.equal(setDirectory('%setup', 'a b'), '%setup -n "a b"')
})

test('a changelog entry takes the manner of the newest one', () => {
  const header = (newest: string) => addChangelogEntry(`%changelog\n${newest}\n`, ENTRY).split('\n')[1]
  assert.equal(header('* Wed Jan  4 2023 X'), '* Tue Nov  3 2026 A B <a@example.org> - 1-1')
  assert.equal(header('* Wed Jan 4 2023 X'), '* Tue Nov 3 2026 A B <a@example.org> - 1-1')
  assert.equal(header('* Wed Jan 04 2023 X'), '* Tue Nov 03 2026 A B <a@example.org> - 1-1')
  assert.equal(header('* Wed Jan 04 10:11:12 CET 2023 X'), '* Tue Nov 03 10:20:30 UTC 2026 A B <a@example.org> - 1-1')
})

test('the first entry of a changelog needs no blank line, and one that lacks its newline gets it', () => {
  const lines = '* Tue Nov 03 2026 A B <a@example.org> - 1-1\n- new\n'
  assert.equal(addChangelogEntry('%changelog', ENTRY), `%changelog\n${lines}`)
  assert.equal(addChangelogEntry('%changelog\n\n', ENTRY), `%changelog\n${lines}\n`)
  assert.equal(addChangelogEntry('%files\n', ENTRY), '%files\n')
  assert.equal(addChangelogEntry('%changelog\n%autochangelog\n', ENTRY), '%changelog\n%autochangelog\n')
})

test('patches are listed after the last one, outside of conditions, in its column and with its digits', () => {
  const patches = [{ fileName: 'x.patch', comment: ['why', ''] }]
  const added = (spec: string) => addPatches(spec, patches)
  assert.equal(added('Source0:  a\nName: b\n'), 'Source0:  a\n# why\n#\nPatch0001: x.patch\nName: b\n')
  assert.equal(added('Patch7:     a\n'), 'Patch7:     a\n# why\n#\nPatch8:     x.patch\n')
  assert.equal(
    added('%if 1\nPatch07: a\n%else\nPatch08: b\n%endif\nName: c\n'),
    '%if 1\nPatch07: a\n%else\nPatch08: b\n%endif\n# why\n#\nPatch09: x.patch\nName: c\n',
  )
  assert.equal(added('Name: a\n%patchlist\nb.patch'), 'Name: a\n%patchlist\nb.patch\n# why\n#\nx.patch\n')
})

test('a patch that asks for a number already passed is refused', () => {
  assert.throws(
    () => addPatches('Patch3: a\n', [{ fileName: 'x', comment: [], number: 3 }]),
    /patch x asks for number 3/,
  )
})

test('text of ours that goes into a spec file is UTF-8 there', () => {
  assert.equal(encodeSpec(toSpecText('čau')).toString(), 'čau')
})
