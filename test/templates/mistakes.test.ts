import assert from 'node:assert/strict';
import path from 'node:path';
import { isSwitchbackError } from '../../src/messages/error';
import { findMistake, renderTemplate } from '../../src/templates/engine';
import { memoryFiles } from '../support/memory-files';

interface Wrong {
  what: string;
  /** The template; `partials/part.hbs` beside it when `part` is given. */
  template: string;
  part?: string;
  context?: object;
  /** The file, its line and column, as the error says them. */
  at: [file: string, line: number, column: number | null];
  reason: RegExp;
  /** false: only filling it with values shows it. */
  seenBefore: boolean;
}

const wrong: Wrong[] = [
  {
    what: 'a block that is never closed',
    template: 'a\n{{#if x}}\nb',
    at: ['x.hbs', 3, null],
    reason: /the template ends inside a block or a tag/,
    seenBefore: true,
  },
  {
    what: 'a block closed by another',
    template: 'a\n\n {{#if x}}\n{{/each}}',
    at: ['x.hbs', 3, 5],
    reason: /the block "if" is closed by "each"/,
    seenBefore: true,
  },
  {
    what: 'a tag that cannot be read',
    template: 'one\ntwo {{text a=}}\n',
    at: ['x.hbs', 2, null],
    reason: /a tag cannot be read near "two \{\{text a=\}\}/,
    seenBefore: true,
  },
  {
    what: 'an invalid path',
    template: 'one\n{{a/../b}}\n',
    at: ['x.hbs', 2, 3],
    reason: /Invalid path: a\/\.\./,
    seenBefore: true,
  },
  {
    what: 'an unknown helper',
    template: 'a\n  {{shout x}}',
    at: ['x.hbs', 2, 3],
    reason: /there is no helper "shout"/,
    seenBefore: true,
  },
  {
    what: 'an unknown block helper',
    template: '{{#loop x}}{{/loop}}',
    at: ['x.hbs', 1, 1],
    reason: /there is no helper "loop"/,
    seenBefore: true,
  },
  {
    what: 'an unknown helper inside an argument',
    template: '\n{{text (upper x)}}',
    at: ['x.hbs', 2, 8],
    reason: /there is no helper "upper"/,
    seenBefore: true,
  },
  {
    what: 'an unknown helper in a part that is not reached',
    template: '{{#if no}}\n{{shout x}}\n{{/if}}',
    context: { no: false },
    at: ['x.hbs', 2, 1],
    reason: /there is no helper "shout"/,
    seenBefore: true,
  },
  {
    what: 'an option a helper does not have',
    template: '{{code x language="sql"}}',
    at: ['x.hbs', 1, 1],
    reason: /the helper "code" has no option "language"/,
    seenBefore: true,
  },
  {
    what: 'a helper without its value',
    template: 'a\n{{rows}}',
    at: ['x.hbs', 2, 1],
    reason: /the helper "rows" takes one value and is given 0; write this\.rows/,
    seenBefore: true,
  },
  {
    what: 'a helper with two values',
    template: '{{ident x y}}',
    at: ['x.hbs', 1, 1],
    reason: /the helper "ident" takes one value and is given 2/,
    seenBefore: true,
  },
  {
    what: 'an unknown partial',
    template: 'a\nb {{> nothing}}',
    at: ['x.hbs', 2, 3],
    reason: /there is no partial "nothing"; it would be partials\/nothing\.hbs/,
    seenBefore: true,
  },
  {
    what: 'a partial outside the folder',
    template: '{{> ../../etc/passwd}}',
    at: ['x.hbs', 1, 1],
    reason: /is no name of a partial/,
    seenBefore: true,
  },
  {
    what: 'a partial whose name is computed',
    template: '{{> (lookup . "x")}}',
    at: ['x.hbs', 1, 1],
    reason: /the name of a partial must be written out/,
    seenBefore: true,
  },
  {
    what: 'a missing value',
    template: 'a\n\n{{nothing}}',
    at: ['x.hbs', 3, 3],
    reason: /there is no value "nothing"/,
    seenBefore: false,
  },
  {
    what: 'a missing value given to a helper',
    template: 'a\n{{text x.nothing}}',
    context: { x: {} },
    at: ['x.hbs', 2, 8],
    reason: /there is no value "nothing"/,
    seenBefore: false,
  },
  {
    what: 'a missing list',
    template: 'a\n{{#each nothing}}x{{/each}}',
    at: ['x.hbs', 2, 9],
    reason: /there is no value "nothing"/,
    seenBefore: false,
  },
  {
    what: 'a helper given an object',
    template: '\n{{cell x}}',
    context: { x: {} },
    at: ['x.hbs', 2, 1],
    reason: /the helper "cell" takes text or a number and is given an object/,
    seenBefore: false,
  },
  {
    what: 'a helper given a list',
    template: '{{text x}}',
    context: { x: ['a'] },
    at: ['x.hbs', 1, 1],
    reason: /the helper "text" takes text or a number and is given a list/,
    seenBefore: false,
  },
  {
    what: 'a helper for numbers given text',
    template: '{{bytes x}}',
    context: { x: 'many' },
    at: ['x.hbs', 1, 1],
    reason: /the helper "bytes" takes a number and is given "many"/,
    seenBefore: false,
  },
  {
    what: 'a helper for names given an empty value',
    template: '{{ident x}}',
    context: { x: null },
    at: ['x.hbs', 1, 1],
    reason: /the helper "ident" takes a name and is given an empty value/,
    seenBefore: false,
  },
  {
    what: 'an option of the wrong type',
    template: '{{code x lang=1}}',
    context: { x: 'a' },
    at: ['x.hbs', 1, 1],
    reason: /the option "lang" of the helper "code" is given 1/,
    seenBefore: false,
  },
  {
    what: 'a partial that cannot be read',
    template: 'a\n\n{{> part}}',
    part: 'b\n{{#if x}}',
    at: ['partials/part.hbs', 2, null],
    reason: /the template ends inside a block or a tag/,
    seenBefore: false,
  },
  {
    what: 'an unknown helper in a partial',
    template: 'a\n\n{{> part}}',
    part: 'b\n\n\n {{shout x}}',
    at: ['partials/part.hbs', 4, 2],
    reason: /there is no helper "shout"/,
    seenBefore: false,
  },
  {
    what: 'a missing value in a partial',
    template: '{{#each list}}\n{{> part}}\n{{/each}}',
    part: 'b\n{{text nothing}}',
    context: { list: [1] },
    at: ['partials/part.hbs', 2, 8],
    reason: /there is no value "nothing"/,
    seenBefore: false,
  },
  {
    what: 'a value asked of a number',
    template: 'a\n{{#each list}}\n {{text name}}\n{{/each}}',
    context: { list: [1] },
    at: ['x.hbs', 3, 9],
    reason: /there is no value "name"/,
    seenBefore: false,
  },
  {
    what: 'a wrong type in a partial',
    template: '{{> part x=y}}',
    part: '\n\n{{rows x}}',
    context: { y: 'some' },
    at: ['partials/part.hbs', 3, 1],
    reason: /the helper "rows" takes a number and is given "some"/,
    seenBefore: false,
  },
  {
    what: 'a missing value given to a partial',
    template: 'a\n{{> part x=nothing}}',
    part: '{{x}}',
    at: ['x.hbs', 2, 12],
    reason: /there is no value "nothing"/,
    seenBefore: false,
  },
  {
    what: 'a partial that includes itself',
    template: '{{> part}}',
    part: '{{> part}}',
    at: ['partials/part.hbs', 0, null],
    reason: /a partial includes itself without end/,
    seenBefore: false,
  },
];

function placesOf({ template, part }: Wrong) {
  const files: Record<string, string> = { '/w/.switchback/templates/x.hbs': template };
  if (part !== undefined) files['/w/.switchback/templates/partials/part.hbs'] = part;
  return {
    shippedFolder: '/shipped',
    overrideFolder: '/w/.switchback/templates',
    files: memoryFiles(files),
  };
}

describe('mistakes in templates', () => {
  for (const item of wrong) {
    const [name, line, column] = item.at;
    it(`${item.what}: names file, line and reason`, async () => {
      const error = await renderTemplate({
        ...placesOf(item),
        name: 'x.hbs',
        context: item.context ?? { x: 1 },
      }).catch((cause: unknown) => cause);
      assert.ok(isSwitchbackError(error, 'invalid-file'), String(error));
      const file = path.resolve('/w/.switchback/templates', name);
      assert.deepEqual(
        { ...error.details, file: path.resolve(String(error.details.file)) },
        { file, line: line === 0 ? null : line, column },
      );
      assert.match(error.sentence, item.reason);
      assert.ok(error.sentence.includes(name), error.sentence);
      if (line > 0) assert.match(error.sentence, new RegExp(`, line ${line}[,:]`));
    });

    it(`${item.what}: ${item.seenBefore ? 'seen when it is saved' : 'not blamed on the text alone'}`, async () => {
      const mistake = await findMistake(
        { file: '/w/.switchback/templates/x.hbs', source: item.template },
        placesOf(item),
      );
      assert.deepEqual(mistake && [mistake.line, mistake.column], item.seenBefore ? [line, column] : null);
    });
  }

  it('finds no mistake in a shipped template', async () => {
    const { nodeFiles } = await import('../../src/ports/node-files');
    const files = nodeFiles();
    const shippedFolder = path.resolve(__dirname, '../../templates');
    for (const file of await files.find(shippedFolder, '**/*.hbs')) {
      const source = await files.read(file);
      assert.equal(
        await findMistake({ file, source }, { shippedFolder, overrideFolder: null, files }),
        null,
        file,
      );
    }
  });
});

describe('partials', () => {
  const render = (
    files: Record<string, string>,
    overrideFolder: string | null,
    context: object = {},
  ): Promise<string> =>
    renderTemplate({
      name: 'x.hbs',
      context,
      shippedFolder: '/shipped',
      overrideFolder,
      files: memoryFiles(files),
    });

  it('are filled with the values around them and their own', async () => {
    const files = {
      '/shipped/x.hbs': '{{#each list}}\n{{> row mark="*"}}\n{{/each}}\n',
      '/shipped/partials/row.hbs': '{{mark}} {{text name}}\n',
    };
    assert.equal(await render(files, null, { list: [{ name: '<a>' }, { name: 'b' }] }), '* &lt;a&gt;\n* b\n');
  });

  it('include others, and each is read once', async () => {
    const memory = memoryFiles({
      '/shipped/x.hbs': '{{> one}}{{> two}}{{> one}}',
      '/shipped/partials/one.hbs': '1{{> two}}',
      '/shipped/partials/two.hbs': '2',
      '/shipped/partials/unused.hbs': '{{#if',
    });
    const reads: string[] = [];
    const files = {
      ...memory,
      readIfExists: (file: string) => (reads.push(path.basename(file)), memory.readIfExists(file)),
    };
    const text = await renderTemplate({
      name: 'x.hbs',
      context: {},
      shippedFolder: '/shipped',
      overrideFolder: null,
      files,
    });
    assert.equal(text, '12212');
    assert.deepEqual(reads.sort(), ['one.hbs', 'two.hbs', 'x.hbs']);
  });

  it("are the workspace's own where it is trusted, also in a shipped template", async () => {
    const files = {
      '/shipped/x.hbs': '{{> part}}',
      '/shipped/partials/part.hbs': 'shipped',
      '/w/.switchback/templates/partials/part.hbs': 'own',
    };
    assert.equal(await render(files, '/w/.switchback/templates'), 'own');
    assert.equal(await render(files, null), 'shipped');
  });

  it('can be written inside a template, and take a block', async () => {
    const files = {
      '/shipped/x.hbs': '{{#*inline "own"}}in {{x}}{{/inline}}{{> own}}{{#> frame}}body{{/frame}}',
      '/shipped/partials/frame.hbs': ' [{{> @partial-block}}]',
    };
    assert.equal(await render(files, null, { x: 1 }), 'in 1 [body]');
  });
});
