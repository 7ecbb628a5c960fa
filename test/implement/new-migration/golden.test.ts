import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import type { MigrationChange } from '../../../src/implement/new-migration/answers';
import { checkChange } from '../../../src/implement/new-migration/check-answers';
import { migrationOf, type MigrationMaterial } from '../../../src/implement/new-migration/migration-of';
import { renderScript, type ScriptSyntax } from '../../../src/implement/new-migration/render-script';
import { renderSql } from '../../../src/implement/new-migration/render-sql';
import { scriptMigration } from '../../../src/implement/new-migration/script-migration';
import { nodeFiles } from '../../../src/ports/node-files';
import { quoteIdentifier, quoteLiteral } from '../../../src/sql/identifier';
import { loadParser, type SqlParser } from '../../../src/sql/parser';

const golden = path.join(__dirname, 'golden');
const templates = { shipped: path.resolve(__dirname, '../../../templates'), override: null };

/** Quotes, backticks, pipes, HTML, placeholders, line breaks and astral characters; names of 63 bytes. */
const nasty = {
  schema: `s"'\`|<b>𝒙`,
  table: `t"'\`|</script>\${1} {{x}} $$ $1 %s \\ -- */\n𝒙${'t'.repeat(17)}`,
  column: `c"'\`|<i> {{{y}}} \${z} \\n /* */ 𝒙${'c'.repeat(28)}`,
  key: `k"'\`|\\\n𝒙`,
  text: `it's "here" \`now\` | <b> \${x} {{y}} $switchback$ \\ \n 𝒙 */ --`,
};
for (const name of [nasty.table, nasty.column]) assert.equal(Buffer.byteLength(name), 63, name);

const small = { schema: 'public', name: 'users' };
const odd = { schema: nasty.schema, name: nasty.table };
const column = quoteIdentifier(nasty.column);

const contexts: Record<string, { name: string; change: MigrationChange }> = {
  empty: { name: 'move the users', change: { kind: 'empty' } },
  column: {
    name: 'add users status',
    change: {
      kind: 'add-column',
      table: small,
      column: 'status',
      type: 'varchar(20)',
      default: `'active'`,
      required: true,
      fill: null,
      key: [],
    },
  },
  'column-hostile': {
    name: nasty.text,
    change: {
      kind: 'add-column',
      table: odd,
      column: nasty.column,
      type: 'text',
      default: quoteLiteral(nasty.text),
      required: false,
      fill: null,
      key: [],
    },
  },
  index: {
    name: 'index users email',
    change: { kind: 'create-index', table: small, columns: ['email'], unique: true },
  },
  'index-hostile': {
    name: nasty.text,
    change: { kind: 'create-index', table: odd, columns: [nasty.column, nasty.key], unique: false },
  },
  backfill: {
    name: 'fill users full name',
    change: {
      kind: 'backfill',
      table: small,
      key: ['id'],
      column: 'full_name',
      expression: `first_name || ' ' || last_name`,
      onlyEmpty: true,
    },
  },
  'required-hostile': {
    name: nasty.text,
    change: {
      kind: 'add-column',
      table: odd,
      column: nasty.column,
      type: 'text',
      default: null,
      required: true,
      fill: `${quoteIdentifier(nasty.key)} || ${quoteLiteral(nasty.text)}`,
      key: ['id', nasty.key],
    },
  },
  'backfill-hostile': {
    name: nasty.text,
    change: {
      kind: 'backfill',
      table: odd,
      key: ['id', nasty.key],
      column: nasty.column,
      expression: `${column} || ${quoteLiteral(nasty.text)}`,
      onlyEmpty: false,
    },
  },
};

describe('the templates of new migrations', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  for (const [title, { name, change }] of Object.entries(contexts)) {
    it(`${title}: as SQL`, async () => {
      checkChange(parser, change);
      const migration = migrationOf(change, material(parser, name));
      const { up, down } = await renderSql(migration, nodeFiles(), templates);
      for (const text of [up, down]) {
        const { problems, statements } = parser.parse(text);
        assert.deepEqual(problems, []);
        // What does not fit a transaction is alone in its file.
        if (!migration.transactional) assert.equal(statements.length, 1);
        noPlaceholder(text);
      }
      assert.equal(
        parser.parse(up).statements.length,
        migration.up.length + (migration.transactional ? 1 : 0),
      );
      await compare(`${title}.up.sql`, up);
      await compare(`${title}.down.sql`, down);
    });

    for (const [syntax, extension] of [
      ['typescript', 'ts'],
      ['commonjs', 'cjs.js'],
      ['module', 'esm.js'],
    ] as [ScriptSyntax, string][]) {
      it(`${title}: as ${syntax}`, async () => {
        const migration = scriptMigration(change, material(parser, name));
        const text = await renderScript(migration, syntax, nodeFiles(), templates);
        const file = ts.createSourceFile(`x.${extension}`, text, ts.ScriptTarget.ES2022, true);
        assert.deepEqual((file as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics, []);
        // Every statement of the pair is a string of the module, and each is SQL.
        const strings = stringsOf(file);
        for (const sql of sqlOf(migration)) {
          assert.ok(strings.includes(sql), sql);
          assert.deepEqual(parser.parse(sql).problems, [], sql);
        }
        noPlaceholder(text);
        // The two kinds of JavaScript differ in their first and last lines only.
        if (syntax !== 'module') await compare(`${title}.${extension}`, text);
        else assert.match(text, /\nexport \{ up, down \};\n$/);
      });
    }
  }
});

function material(parser: SqlParser, name: string): MigrationMaterial {
  return { parser, name, version: '000042', table: null };
}

function sqlOf(migration: ReturnType<typeof scriptMigration>): string[] {
  switch (migration.template) {
    case 'new-migration':
      return [...migration.up, ...migration.down];
    case 'new-index':
      return [migration.create, migration.drop, migration.state];
    case 'new-backfill':
      return [
        migration.fresh,
        migration.keyHolds,
        migration.lock,
        migration.batch,
        ...migration.start,
        ...migration.down,
        ...migration.proof.flatMap((step) => [step.done, ...step.statements]),
      ];
  }
}

function stringsOf(file: ts.SourceFile): string[] {
  const strings: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) strings.push(node.text);
    node.forEachChild(visit);
  };
  visit(file);
  return strings;
}

function noPlaceholder(text: string): void {
  assert.doesNotMatch(text, /\b(?:TODO|TBD|FIXME)\b/);
  // JSDoc writes an optional parameter in brackets.
  const comments = text.split('\n').filter((line) => /^\s*(?:--|\/\/|\*(?! @)|\/\*)/.test(line));
  assert.doesNotMatch(comments.join('\n'), /\[[a-z ]+\](?! )|\bundefined\b/i);
}

/** The text compared with the file; UPDATE_GOLDEN=1 writes it, to be read in the diff. */
async function compare(name: string, text: string): Promise<void> {
  const file = path.join(golden, `${name}.golden`);
  if (process.env.UPDATE_GOLDEN === '1') {
    await mkdir(golden, { recursive: true });
    await writeFile(file, text);
  }
  assert.equal(text, (await readFile(file, 'utf8')).replaceAll('\r\n', '\n'));
}
