import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadPrism } from '../../src/layouts/code/load-prism';
import { readPython } from '../../src/layouts/code/python-tree';
import { hashComment, pythonString, rubyString } from '../../src/templates/code-text';

const pieces = [
  '"',
  '""',
  '"""',
  "'",
  '\\',
  '\\"',
  '\n',
  '\r',
  '\r\n',
  '#',
  '{',
  '$',
  '@',
  '#{',
  '\0',
  '𝒙',
  '1',
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 3 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

/** What a string of Python says: https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences. */
function saidByPython(written: string): string {
  const quotes = written.startsWith('"""') && written.length >= 6 ? 3 : 1;
  const inner = written.slice(quotes, -quotes);
  return inner.replace(/\\(x00|[\s\S])/g, (_, escaped: string) =>
    escaped === 'x00' ? '\0' : escaped === 'r' ? '\r' : escaped,
  );
}

describe('text inside Python and Ruby', function () {
  this.timeout(30_000);

  it('a string of Python is one string, and read as exactly that text', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const written = pythonString(text);
        const { root } = await readPython(`x = ${written}\nlast\n`);
        const [given, last] = [root.firstChild!, root.lastChild!];
        assert.equal(given.lastChild!.name, 'String', written);
        assert.deepEqual([given.lastChild!.from, given.lastChild!.to], [4, 4 + written.length], written);
        assert.equal(last.name, 'ExpressionStatement');
        assert.equal(saidByPython(written), text);
      }),
      { numRuns: 400 },
    );
  });

  it('a string of Ruby is read as exactly that text', async () => {
    const parse = await loadPrism();
    fc.assert(
      fc.property(hostile, (text) => {
        const { value, errors } = parse(`execute ${rubyString(text)}\nlast\n`);
        assert.deepEqual(errors, []);
        const [call, last] = value.statements.body as unknown as [
          {
            arguments_: {
              arguments_: {
                toJSON(): { type: string };
                unescaped?: { value: string };
                parts?: { unescaped: { value: string } }[];
              }[];
            };
          },
          { name: string },
        ];
        const [string] = call.arguments_.arguments_;
        // One that goes over several lines is told in parts.
        const said = string!.unescaped?.value ?? string!.parts!.map((part) => part.unescaped.value).join('');
        assert.match(string!.toJSON().type, /^(?:Interpolated)?StringNode$/);
        assert.equal(said, text);
        assert.equal(last.name, 'last');
      }),
      { numRuns: 400 },
    );
  });

  it('a comment holds no statement', async () => {
    const parse = await loadPrism();
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const source = `x\n${hashComment(text)}\nlast\n`;
        const { root } = await readPython(source);
        const statements = [...source.matchAll(/^(?!#).+$/gm)].map((match) => match[0]);
        assert.deepEqual(statements, ['x', 'last'], JSON.stringify(text));
        assert.equal(root.getChildren('ExpressionStatement').length, 2);
        assert.equal(parse(source).value.statements.body.length, 2);
      }),
      { numRuns: 200 },
    );
  });
});
