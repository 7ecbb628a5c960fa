import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import type { MigrationChange } from '../../../src/implement/new-migration/answers';
import { checkChange } from '../../../src/implement/new-migration/check-answers';
import { migrationOf, type MigrationMaterial } from '../../../src/implement/new-migration/migration-of';
import { renderScript, type ScriptSyntax } from '../../../src/implement/new-migration/render-script';
import { renderSql } from '../../../src/implement/new-migration/render-sql';
import { needsKey, scriptMigration } from '../../../src/implement/new-migration/script-migration';
import { nodeFiles } from '../../../src/ports/node-files';
import { quoteIdentifier, quoteLiteral, type QualifiedName } from '../../../src/sql/identifier';
import { loadParser, type SqlParser } from '../../../src/sql/parser';

const golden = path.join(__dirname, 'golden');
const templates = { shipped: path.resolve(__dirname, '../../../templates'), override: null };

/** Quotes, backticks, pipes, HTML, placeholders, line breaks and astral characters; names of 63 bytes. */
const nasty = {
  schema: `s"'\`|<b>𝒙`,
  table: `t"'\`|</script>\${1} <?x?> $$ $1 %s \\ -- */\n𝒙${'t'.repeat(17)}`,
  column: `c"'\`|<i> <%=y%> \${z} \\n /* */ 𝒙${'c'.repeat(29)}`,
  key: `k"'\`|\\\n𝒙`,
  text: `it's "here" \`now\` | <b> \${x} <%y%> $switchback$ \\ \n 𝒙 */ --`,
};
for (const name of [nasty.table, nasty.column]) assert.equal(Buffer.byteLength(name), 63, name);

interface Subject {
  name: string;
  table: QualifiedName;
  column: string;
  key: string[];
  text: string;
}

const subjects: Record<'small' | 'hostile', Subject> = {
  small: {
    name: 'change the users',
    table: { schema: 'public', name: 'users' },
    column: 'status',
    key: ['id'],
    text: 'active',
  },
  hostile: {
    name: nasty.text,
    table: { schema: nasty.schema, name: nasty.table },
    column: nasty.column,
    key: ['id', nasty.key],
    text: nasty.text,
  },
};

/** One change of each template. */
function changesOf({ table, column, key, text }: Subject): Record<string, MigrationChange> {
  const value = `${quoteIdentifier(key.at(-1)!)} || ${quoteLiteral(text)}`;
  const added = { kind: 'add-column', table, column, type: 'text' } as const;
  return {
    empty: { kind: 'empty' },
    column: { ...added, default: quoteLiteral(text), required: true, fill: null, key: [] },
    index: { kind: 'create-index', table, columns: [column, ...key], unique: true },
    backfill: { kind: 'backfill', table, key, column, expression: value, onlyEmpty: false },
    required: { ...added, default: null, required: true, fill: value, key },
  };
}

describe('the templates of new migrations', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  it('say beforehand whether they need a key', () => {
    const { column, backfill, required } = changesOf(subjects.small);
    const volatile = { ...column!, default: 'gen_random_uuid()' } as MigrationChange;
    const asked = [column!, backfill!, required!, volatile].map((change) => [
      needsKey(change, 'sql', parser),
      needsKey(change, 'typescript', parser),
    ]);
    assert.deepEqual(asked, [
      [false, false],
      [true, true],
      [false, true],
      [false, true],
    ]);
  });

  for (const [context, subject] of Object.entries(subjects)) {
    for (const [kind, change] of Object.entries(changesOf(subject))) {
      it(`${kind}, ${context}: as SQL`, async () => {
        checkChange(parser, change);
        const migration = migrationOf(change, material(parser, subject.name));
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
        await compare(`${context}/${kind}.new-up.sql`, up);
        await compare(`${context}/${kind}.new-down.sql`, down);
      });

      for (const [syntax, extension] of [
        ['typescript', 'ts'],
        ['commonjs', 'js'],
        ['module', 'js'],
      ] as [ScriptSyntax, string][]) {
        it(`${kind}, ${context}: as ${syntax}`, async () => {
          const migration = scriptMigration(change, material(parser, subject.name));
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
          if (syntax !== 'module')
            await compare(`${context}/${kind}.${migration.template}.${extension}`, text);
          else assert.match(text, /\nexport \{ up, down \};\n$/);
        });
      }
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
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  assert.equal(text, (await readFile(file, 'utf8')).replaceAll('\r\n', '\n'));
}
