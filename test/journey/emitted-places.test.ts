import assert from 'node:assert/strict';
import path from 'node:path';
import { lintText } from '../../src/cli/text/lint';
import { inProgram, programPlaces } from '../../src/journey/emitted-places';
import { lintScriptText } from '../../src/journey/lint';
import type { LintedFile } from '../../src/journey/outcomes';
import { knex } from '../../src/layouts/knex';
import type { Direction } from '../../src/layouts/layout';
import { migrationScript } from '../../src/layouts/migration-script';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';

const folder = path.resolve('/w/migrations');
const file = path.join(folder, '20240101000001_items.js');

async function placed(program: string, direction: Direction, sql: string): Promise<LintedFile> {
  const files = memoryFiles({ [file]: program });
  const [migration] = await knex.list(folder, files);
  const readable = await knex.script(migration!, direction, files);
  const script = migrationScript({ path: file, direction, sql, offset: 0, transaction: 'none' });
  const linted = await lintScriptText(testContext(path.resolve('/w')), script);
  return inProgram(linted, sql, programPlaces(program, direction, readable), 'Knex');
}

const starts = ({ statements }: LintedFile): number[][] =>
  statements.map(({ start, end }) => [start.line, start.column, end.column]);

describe('places of what a tool sends', () => {
  const program = `// up: what it does
exports.up = async (knex) => {
  await knex.raw('select 1');
  await knex.schema.dropTable('old');
  await knex.raw('drop table items');
};
exports.down = (knex) => knex.schema.createTable('items', () => {});
`;

  it('are those of the text where it stands in the program, else of the first statement', async () => {
    const file = await placed(program, 'up', 'drop table "old";\ndrop table items;\n');
    assert.deepEqual(starts(file), [
      [3, 19, 27],
      [5, 19, 35],
    ]);
    assert.deepEqual([...file.sent!], [[0, 'drop table "old"']]);
    assert.ok(file.findings.length >= 2);
    for (const { message, statement, start } of file.findings) {
      assert.equal(/ Knex sends: drop table "old"$/.test(message), statement === 0);
      assert.equal(start.line, statement === 0 ? 3 : 5);
    }
    const options = { columns: 100, colours: false, all: true, connected: false };
    const text = lintText({ files: [file] }, { ...options, nameOf: () => 'x.js', textOf: () => program });
    assert.match(text, /^ {2}3:19 {2}drop table "old"$/m);
    assert.match(text, /^ {2}5:19 {2}drop table items$/m);
  });

  it('are the line that the direction begins with where nothing can be read there', async () => {
    // What the other direction says in the same words is not it.
    const down = await placed(program, 'down', 'drop table items;');
    assert.deepEqual(starts(down), [[7, 1, 69]]);
    const turned = await placed('export async function up(knex) {\r\n}\r\n', 'up', 'select 2;');
    assert.deepEqual(starts(turned), [[1, 1, 33]]);
    const other = await placed('  build(exports)', 'up', 'select 2;').catch((error: Error) => error);
    assert.ok(!(other instanceof Error) && other.statements[0]!.start.column === 3);
  });
});
