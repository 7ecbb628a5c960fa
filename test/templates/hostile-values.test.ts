import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { renderTemplate } from '../../src/templates/engine';
import { memoryFiles } from '../support/memory-files';
import { blockTypes, readMarkdown, shownText } from './read-markdown';

const render = (source: string, context: object): Promise<string> =>
  renderTemplate({
    name: 'x.hbs',
    context,
    shippedFolder: '/shipped',
    overrideFolder: null,
    files: memoryFiles({ '/shipped/x.hbs': source }),
  });

/** Pieces that mean something to Markdown, HTML, SQL or Handlebars, among any other characters. */
const pieces = [
  ...[
    '`',
    '``',
    '```',
    '~~~',
    '~',
    '*',
    '**',
    '_',
    '__',
    '[',
    ']',
    '(',
    ')',
    '[x](y)',
    '![',
    '|',
    '||',
    '\\',
    '\\|',
  ],
  ...[
    '#',
    '##',
    '- ',
    '-',
    '---',
    '===',
    '+ ',
    '1. ',
    '2)',
    '>',
    '<b>',
    '</td>',
    '<!--',
    '-->',
    '&amp;',
    '&',
    '&#60;',
  ],
  ...[
    "'",
    '"',
    "''",
    '""',
    '--',
    '/*',
    '*/',
    '$$',
    '$a$',
    ';',
    'drop table t;',
    '{{x}}',
    '}}',
    ':',
    ':-',
    '|-|',
    '😀',
  ],
  ...[
    '\n',
    '\r\n',
    '\r',
    '\t',
    ' ',
    '    ',
    '\u2028',
    '\u00a0',
    'a',
    'b1',
    'é',
    'user',
    'SELECT',
    'www.x.org',
    '\u0301',
  ],
];
const hostile = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...pieces) },
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join('').replaceAll('\0', ''));
const law = { numRuns: 600 };

/** Without half of a surrogate pair, which UTF-8 does not have. */
const wellFormed = (text: string): boolean => !/\p{Cs}/u.test(text);

/** What must be seen of a text that is put on one line. */
const onOneLine = (text: string): string => text.trim().replace(/\s*[\r\n]+\s*/g, ' ');
const lines = (text: string): string =>
  text
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .join('\n');

describe('helpers and hostile values', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  /** The one statement of a script, as its syntax tree. */
  const only = (sql: string): string => {
    const { statements, problems } = parser.parse(sql);
    assert.deepEqual(problems, [], sql);
    assert.equal(statements.length, 1, sql);
    return JSON.stringify(statements[0]!.node);
  };

  it('ident is read by PostgreSQL as exactly that name', () =>
    fc.assert(
      fc.asyncProperty(
        hostile.filter((name) => name !== '' && wellFormed(name) && Buffer.byteLength(name) <= 63),
        async (name) => {
          const quoted = await render('{{ident name}}', { name });
          assert.ok(only(`SELECT 1 AS ${quoted}`).includes(`"name":${JSON.stringify(name)}`), quoted);
          const column = only(`ALTER TABLE ${quoted} ADD COLUMN ${quoted} int`);
          assert.ok(column.includes(`"relname":${JSON.stringify(name)}`), quoted);
          assert.ok(column.includes(`"colname":${JSON.stringify(name)}`), quoted);
        },
      ),
      law,
    ));

  it('ident quotes every keyword that needs it', async () => {
    for (const word of [
      'user',
      'order',
      'select',
      'table',
      'between',
      'time',
      'left',
      'is',
      'json_table',
      'value',
    ]) {
      const quoted = await render('{{ident word}}', { word });
      assert.ok(only(`CREATE TABLE ${quoted} (${quoted} int)`).includes(`"colname":"${word}"`), quoted);
      only(`SELECT ${quoted} FROM ${quoted}`);
    }
  });

  it('ident refuses what PostgreSQL would cut or refuse', async () => {
    await assert.rejects(render('{{ident name}}', { name: 'x'.repeat(64) }), {
      code: 'invalid-file',
      message: /64 bytes/,
    });
    await assert.rejects(render('{{ident name}}', { name: '' }), { code: 'invalid-file' });
    await assert.rejects(render('{{ident name}}', { name: 'a\0b' }), { code: 'invalid-file' });
    assert.equal(await render('{{ident name}}', { name: 'é'.repeat(31) }), `"${'é'.repeat(31)}"`);
  });

  it('literal is read by PostgreSQL as exactly that value', () =>
    fc.assert(
      fc.asyncProperty(
        hostile.filter((value) => wellFormed(value)),
        async (value) => {
          const quoted = await render('{{literal value}}', { value });
          const tree = only(`SELECT ${quoted}`);
          assert.ok(
            value === '' ? tree.includes('"sval":{') : tree.includes(`"sval":${JSON.stringify(value)}`),
            quoted,
          );
        },
      ),
      law,
    ));

  it('literal refuses a zero byte', () =>
    assert.rejects(render('{{literal x}}', { x: 'a\0b' }), { code: 'invalid-file', message: /zero byte/ }));

  it('no comment ends early', () =>
    fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const comment = await render('{{comment text}}\nSELECT 1;\n', { text });
        only(comment);
        assert.ok(
          comment
            .trimEnd()
            .split(/\r\n|[\n\r\u2028\u2029\u0085\v\f]/)
            .slice(0, -1)
            .every((line) => line.startsWith('--')),
          comment,
        );
      }),
      law,
    ));

  it('shell is read by a shell as exactly that word', async () => {
    const words = fc.sample(
      hostile.filter((word) => wellFormed(word)),
      200,
    );
    const quoted = await Promise.all(words.map((word) => render('{{shell word}}', { word })));
    const { stdout, status } = spawnSync('sh', ['-s'], {
      input: `printf '%s\\0' ${quoted.join(' ')}`,
      encoding: 'utf8',
    });
    assert.equal(status, 0);
    assert.deepEqual(stdout.split('\0').slice(0, -1), words);
  });

  const places = [
    {
      name: 'a paragraph',
      template: '{{text x}}',
      blocks: ['paragraph_open', 'inline', 'paragraph_close'],
      at: 1,
    },
    {
      name: 'a heading',
      template: '## {{text x}}',
      blocks: ['heading_open', 'inline', 'heading_close'],
      at: 1,
    },
    {
      name: 'a quotation',
      template: '> {{text x}}',
      blocks: ['blockquote_open', 'paragraph_open', 'inline', 'paragraph_close', 'blockquote_close'],
      at: 2,
    },
    {
      name: 'a list',
      template: '- {{text x}}',
      blocks: [
        ...['bullet_list_open', 'list_item_open', 'paragraph_open', 'inline'],
        ...['paragraph_close', 'list_item_close', 'bullet_list_close'],
      ],
      at: 3,
    },
  ];
  for (const { name, template, blocks, at } of places) {
    it(`text is shown as it is in ${name}`, () =>
      fc.assert(
        fc.asyncProperty(
          hostile.filter((x) => x.trim() !== ''),
          async (x) => {
            const markdown = await render(template, { x });
            const tokens = readMarkdown(markdown);
            assert.deepEqual(blockTypes(tokens), blocks, markdown);
            assert.equal(shownText(tokens[at]!), onOneLine(x), markdown);
          },
        ),
        law,
      ));
  }

  it('two lines of text stay one paragraph of two lines', () =>
    fc.assert(
      fc.asyncProperty(
        hostile.filter((x) => x.trim() !== ''),
        hostile.filter((x) => x.trim() !== ''),
        async (x, y) => {
          const markdown = await render('{{text x}}\n{{text y}}', { x, y });
          const tokens = readMarkdown(markdown);
          assert.deepEqual(blockTypes(tokens), ['paragraph_open', 'inline', 'paragraph_close'], markdown);
          assert.equal(shownText(tokens[1]!), `${onOneLine(x)}\n${onOneLine(y)}`, markdown);
        },
      ),
      law,
    ));

  it('a cell stays one cell and shows its lines as they are', () =>
    fc.assert(
      fc.asyncProperty(hostile, hostile, async (x, y) => {
        const markdown = await render(
          '| a | b | c |\n|---|---|---|\n| {{cell x}} | {{code y cell=true}} | {{cell x}} |\n',
          { x, y },
        );
        const cells = readMarkdown(markdown).filter((token) => token.type === 'inline');
        assert.equal(cells.length, 6, markdown);
        const expected = [lines(x), onOneLine(y), lines(x)].map((text) => (text === '' ? '–' : text));
        assert.deepEqual(cells.slice(3).map(shownText), expected, markdown);
      }),
      law,
    ));

  it('inline code shows exactly the text', () =>
    fc.assert(
      fc.asyncProperty(
        hostile.filter((x) => x.trim() !== ''),
        async (x) => {
          const markdown = await render('a {{code x}} b', { x });
          const tokens = readMarkdown(markdown);
          assert.deepEqual(blockTypes(tokens), ['paragraph_open', 'inline', 'paragraph_close'], markdown);
          const codes = tokens[1]!.children!.filter((child) => child.type === 'code_inline');
          assert.deepEqual(
            codes.map((child) => child.content),
            [onOneLine(x)],
            markdown,
          );
        },
      ),
      law,
    ));

  it('a block of code holds exactly the text', () =>
    fc.assert(
      fc.asyncProperty(hostile, async (x) => {
        const tokens = readMarkdown(await render('{{code x lang="sql"}}\n\nafter', { x }));
        assert.deepEqual(blockTypes(tokens), ['fence', 'paragraph_open', 'inline', 'paragraph_close']);
        assert.equal(tokens[0]!.info, 'sql');
        const expected = x.replace(/\r\n|\r/g, '\n').replace(/\n+$/, '');
        assert.equal(tokens[0]!.content, `${expected}\n`);
      }),
      law,
    ));

  it('a date that is none is escaped', () =>
    fc.assert(
      fc.asyncProperty(hostile, async (x) => {
        const markdown = await render('| a |\n|---|\n| {{date x}} |\n', { x });
        const cells = readMarkdown(markdown).filter((token) => token.type === 'inline');
        assert.deepEqual(cells.slice(1).map(shownText), [lines(x) === '' ? '–' : lines(x)], markdown);
      }),
      law,
    ));
});
