import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readFrontMatter, writeFrontMatter } from '../../src/documents/front-matter';

const key = fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,12}$/).filter((name) => !(name in Object.prototype));
const scalar = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'yes',
    'no',
    'null',
    '~',
    '1e3',
    '0x1f',
    '---',
    '- a',
    '# b',
    '2026-01-01',
    ': x',
    'a\nb\n',
    '  lead',
    "'",
    '"',
    '|',
    '\t',
  ),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
  leaf: scalar,
  tree: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).tree;
const data = fc.dictionary(key, value, { maxKeys: 6, noNullPrototype: true });

describe('front matter', () => {
  it('is read back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(data, async (written) => {
        const text = await writeFrontMatter('# Body\n\n---\nmore\n', written);
        const read = await readFrontMatter(text, 'plan.md');
        assert.deepEqual(read.data, written);
        assert.equal(read.body, '# Body\n\n---\nmore\n');
      }),
    );
  });

  it('writes the same text for the same data', async () => {
    await fc.assert(
      fc.asyncProperty(data, data, async (first, second) => {
        const text = await writeFrontMatter(await writeFrontMatter('body', first), second);
        assert.equal(await writeFrontMatter(text, second), text);
        assert.deepEqual((await readFrontMatter(text, 'x')).data, { ...first, ...second });
      }),
    );
  });

  it('keeps comments, unknown keys and the way values are written', async () => {
    const text = '---\n# why\nticket: OPS-1 # theirs\nstate: "draft"\nsteps: [a, b]\n---\n# Title\n';
    const changed = await writeFrontMatter(text, { state: 'ready', steps: ['a', 'b'], added: 1 });
    assert.match(changed, /# why\nticket: OPS-1 # theirs\n/);
    assert.match(changed, /steps: \[ ?a, b ?\]/);
    assert.match(changed, /added: 1\n---\n# Title\n$/);
    assert.equal(await writeFrontMatter(text, { state: 'draft' }), text.replace('[a, b]', '[ a, b ]'));
  });

  it('keeps CRLF', async () => {
    const text = '---\r\na: 1\r\n---\r\nbody\r\n';
    assert.equal(await writeFrontMatter(text, { a: 2 }), '---\r\na: 2\r\n---\r\nbody\r\n');
  });

  it('names the line of a mistake', async () => {
    await assert.rejects(readFrontMatter('---\na: 1\nb: [1\n---\n', 'plan.md'), {
      code: 'invalid-file',
      message: /plan\.md, line [34]/,
    });
    await assert.rejects(readFrontMatter('# no front matter\n', 'plan.md'), { code: 'invalid-file' });
    const read = await readFrontMatter('---\na: 1\nlist:\n  - x\n  - y: 2\n---\n', 'plan.md');
    assert.equal(read.lineOf(['list', 1, 'y']), 5);
    assert.equal(read.lineOf(['list', 7]), 4);
    assert.equal(read.lineOf(['nothing']), 2);
  });
});
