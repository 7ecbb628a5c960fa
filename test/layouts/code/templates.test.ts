import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadPrism } from '../../../src/layouts/code/load-prism';
import { readPython } from '../../../src/layouts/code/python-tree';
import type { CodeValues } from '../../../src/layouts/new-migration';
import { nodeFiles } from '../../../src/ports/node-files';
import { templateFiller } from '../../../src/templates/engine';
import { readTemplates } from '../../templates/golden-registry';

const shipped = path.resolve(__dirname, '../../../templates');
const goldens = path.join(__dirname, 'golden');
const now = new Date('2024-01-02T03:04:05Z');

/** What `codeFiller` gives a template, with everything there is and with what could break out of a string. */
const contexts: Record<'small' | 'hostile', CodeValues & { module: boolean }> = {
  small: {
    title: 'add note',
    className: 'AddNote1700000000000',
    version: '20240102030405',
    previous: '20240101000000',
    app: 'shop',
    up: [
      'alter table orders add column note text',
      "comment on column orders.note is 'said by the customer'",
    ],
    down: ['alter table orders drop column note'],
    transactional: true,
    now,
    module: false,
  },
  hostile: {
    title: 'Add `note` */ """ #{x} \'\nprocess.exit(1)\u2028process.exit(2)',
    className: 'AddNote1700000000000',
    version: '20240102030405',
    previous: null,
    app: "it's",
    up: [
      'alter table "a`b${c}#{d}" add "e\'\'\'f" text default \'\\ """ \\\\` %s %(x)s :name ?\'',
      'select\r\n  $$ ${process.exit()} $$ -- `\n',
    ],
    down: null,
    transactional: false,
    now,
    module: true,
  },
};

describe('templates of migrations in code', function () {
  this.timeout(30_000);
  const names = [...readTemplates().keys()].filter((name) => name.startsWith('code/'));
  for (const [context, values] of Object.entries(contexts)) {
    for (const name of names) {
      it(`${name} of ${context} values is its golden, and a program`, async () => {
        const fill = await templateFiller(name, {
          shippedFolder: shipped,
          overrideFolder: null,
          files: nodeFiles(),
        });
        const text = fill(values);
        const made = path.basename(name, '.hbs');
        assert.deepEqual(await syntaxProblems(made, text), [], text);
        const golden = path.join(goldens, `${context}.${made}.golden`);
        if (process.env.UPDATE_GOLDEN === '1') {
          await mkdir(goldens, { recursive: true });
          await writeFile(golden, text);
        }
        assert.equal(text, (await readFile(golden, 'utf8')).replaceAll('\r\n', '\n'));
      });
    }
  }
});

/** What the parser of its language says of a program's syntax. */
async function syntaxProblems(file: string, text: string): Promise<string[]> {
  switch (path.extname(file)) {
    case '.py': {
      const { root } = await readPython(text);
      const wrong: string[] = [];
      root
        .cursor()
        .iterate(({ type, from }) => void (type.isError && wrong.push(text.slice(from, from + 40))));
      return wrong;
    }
    case '.rb':
      return (await loadPrism())(text).errors.map(({ message }) => message);
    default: {
      const ts = (await import('typescript')).default;
      const { diagnostics } = ts.transpileModule(text, { fileName: file, reportDiagnostics: true });
      return (diagnostics ?? []).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    }
  }
}
