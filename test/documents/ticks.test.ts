import assert from 'node:assert/strict';
import fc from 'fast-check';
import { emitRegion, refreshRegion } from '../../src/documents/regions';
import { itemWord, tickItems, tickedItems, withoutTicks } from '../../src/documents/ticks';
import { generatedHash, planWrites } from '../../src/documents/write-generated';

const line = (id: string, mark = ' '): string => `- [${mark}] Text of ${id}. <!-- switchback:item ${id} -->`;
const document = `# List\n\n${line('a')}\n${line('b', 'x')}\n- [ ] without a name\n${line('c.d-e')}\n`;

describe('ticks of a checklist', () => {
  it('are set on the lines named, and nowhere else', () => {
    const ticked = tickItems(document, new Set(['a', 'unknown']));
    assert.equal(ticked, document.replace(line('a'), line('a', 'x')));
    assert.deepEqual([...tickedItems(ticked)], ['a', 'b']);
  });

  it('are never taken away', () => {
    assert.equal(tickItems(document, new Set()), document);
    assert.deepEqual([...tickedItems(document.replace('[x]', '[X]'))], ['b']);
  });

  it('leave all other text as it is, and change nothing the second time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string()),
        fc.subarray(['a', 'b', 'c.d-e']),
        fc.boolean(),
        (words, ids, crlf) => {
          const text = words.map((word) => `${word}\n`).join('') + document;
          const written = crlf ? text.replace(/\r\n?|\n/g, '\r\n') : text.replace(/\r\n?/g, '\n');
          const once = tickItems(written, new Set(ids));
          assert.equal(withoutTicks(once), withoutTicks(written));
          assert.equal(once.includes('\r\n'), crlf);
          assert.equal(tickItems(once, new Set(ids)), once);
          for (const id of ids) assert.ok(tickedItems(once).has(id));
        },
      ),
    );
  });

  it('are no edit, and stay when a file is written anew', async () => {
    assert.equal(generatedHash(tickItems(document, new Set(['a']))), generatedHash(document));
    const mine = tickItems(document, new Set(['c.d-e']));
    const next = `${document}${line('new')}\n`;
    const [write] = await planWrites(
      [{ path: '/checklist.md', text: next }],
      new Map([['/checklist.md', mine]]),
      new Map([['/checklist.md', generatedHash(document)]]),
    );
    assert.ok(write?.action === 'replace');
    assert.deepEqual([...tickedItems(write.text)], ['b', 'c.d-e']);
  });

  it('have names of one word, whatever the text', () => {
    assert.equal(itemWord('Tech lead'), 'tech-lead');
    assert.equal(itemWord('Größe & Co.'), 'gro-e-co');
    fc.assert(fc.property(fc.string(), (text) => assert.match(itemWord(text), /^[a-z0-9][a-z0-9-]*$/)));
  });
});

describe('a live region', () => {
  const before = `Above\n\n${emitRegion('live.x', 'one')}\n\nBelow\n`;

  it('is renewed, and is no edit', () => {
    const after = refreshRegion(before, emitRegion('live.x', 'two'));
    assert.equal(after, before.replace(emitRegion('live.x', 'one'), emitRegion('live.x', 'two')));
    assert.equal(generatedHash(after), generatedHash(before));
  });

  it('is left to the person who edited it or took it out', () => {
    const edited = before.replace('one', 'mine');
    assert.equal(refreshRegion(edited, emitRegion('live.x', 'two')), edited);
    assert.notEqual(generatedHash(edited), generatedHash(before));
    assert.equal(refreshRegion('Nothing\n', emitRegion('live.x', 'two')), 'Nothing\n');
  });
});
