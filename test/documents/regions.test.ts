import assert from 'node:assert/strict';
import fc from 'fast-check';
import { emitRegion, mergeRegions, parseRegions } from '../../src/documents/regions';

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,20}$/);
const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '\n',
        '\r\n',
        '```',
        '<!-- switchback:begin a 0123456789abcdef -->',
        '<!-- switchback:end a -->',
        'x',
        '\u{1F600}',
      ),
    )
    .map((parts) => parts.join('')),
);
const plain = (text: string): string =>
  text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\n+$/, '');

describe('regions', () => {
  it('are read back as they were written, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(id, hostile), { selector: ([name]) => name, maxLength: 5 }),
        (parts) => {
          const document = parts.map(([name, content]) => `prose\n\n${emitRegion(name, content)}\n`).join('');
          const regions = parseRegions(document);
          assert.deepEqual(
            regions.map((region) => [region.id, region.content, region.edited]),
            parts.map(([name, content]) => [name, plain(content), false]),
          );
        },
      ),
    );
  });

  it('notice every edit', () => {
    fc.assert(
      fc.property(id, hostile, hostile, (name, before, after) => {
        fc.pre(plain(before) !== plain(after) && !plain(after).includes('switchback:end'));
        const region = emitRegion(name, before);
        const [first, ...rest] = region.split('\n');
        const edited = [first, after.replace(/^\uFEFF/, ''), rest.at(-1)].join('\n');
        const [read] = parseRegions(edited);
        assert.equal(read?.edited, plain(before) !== after.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'));
      }),
    );
  });

  it('survive a checkout with CRLF', () => {
    const document = `a\n${emitRegion('x', 'one\ntwo')}\nb\n`.replaceAll('\n', '\r\n');
    assert.equal(parseRegions(document)[0]!.edited, false);
  });

  it('are merged: prose and edited regions stay, the others are renewed', () => {
    const before = [
      '# Title',
      emitRegion('a', 'one'),
      'words',
      emitRegion('b', 'two'),
      emitRegion('c', 'three'),
    ].join('\n');
    const person = before.replace('words', 'my own words').replace('\ntwo\n', '\nmy two\n');
    const after = [
      '# Title',
      emitRegion('a', 'ONE'),
      emitRegion('b', 'TWO'),
      emitRegion('c', 'three'),
      emitRegion('d', 'four'),
    ].join('\n');
    const merged = mergeRegions(person, after);
    assert.match(merged.text, /my own words/);
    assert.deepEqual(
      parseRegions(merged.text).map((region) => region.content),
      ['ONE', 'my two', 'three'],
    );
    assert.deepEqual(merged.conflicts, [{ id: 'b', current: 'my two', generated: 'TWO' }]);
    assert.deepEqual(merged.dropped, ['d']);
  });
});
