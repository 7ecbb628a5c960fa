import assert from 'node:assert/strict';
import type { Change } from '../../src/assess/change';
import { openTerminal, type Terminal } from './terminal';

interface Answer {
  changes: { recipe: string; sentence: string; plan: string[]; change: Change }[];
  questions: { id: string }[];
}

const tables =
  'create schema app; create table app.items (id bigint primary key, code text, "Old note" text);';

describe('switchback diff', function () {
  this.timeout(60_000);
  let terminal: Terminal;

  before(async () => {
    terminal = await openTerminal(18, {
      'db/000001_items.up.sql': 'select 1;\n',
      'db/000001_items.down.sql': 'select 1;\n',
      'same.sql': tables,
      'schema.sql':
        'create schema app; create table app.items (id bigint primary key, code text not null, remark text, kind text not null);',
    });
    await terminal.session.script(tables);
  });
  after(() => terminal?.close());

  it('exits 0 where there is nothing to change', async () => {
    const same = await terminal.succeed('diff', 'same.sql', '--shadow', 'local');
    assert.match(same.out, /is as same\.sql wants it\./);
  });

  it('lists the changes with the command that plans each, and what may be a rename', async () => {
    const answer = await terminal.run('diff', 'schema.sql', '--shadow', terminal.shadow);
    assert.equal(answer.exitCode, 1);
    assert.match(answer.out, /4 changes, to be planned in this order\n {2}1\. /);
    assert.match(answer.out, /switchback plan set-not-null --table app\.items --column code\n/);
    assert.match(answer.out, /switchback plan add-required-column .* --expression \.\.\./);
    assert.match(answer.out, /--rename app\.items\."Old note"=remark/);
  });

  it('plans what it lists, renames as they are said, and gives all of it as JSON', async () => {
    const renames = ['--rename', 'app.items."Old note"=remark'];
    const words = ['diff', 'schema.sql', '--shadow', terminal.shadow, '--format', 'json', ...renames];
    const { changes, questions } = (await terminal.run(...words)).json<Answer>();
    assert.deepEqual(
      changes.map(({ recipe, sentence }) => [recipe, sentence]),
      [
        ['rename-column', 'Rename app.items."Old note" to remark'],
        ['set-not-null', 'Require a value in app.items.code'],
        ['add-required-column', 'Add the required column kind to app.items'],
      ],
    );
    assert.deepEqual(questions, []);
    for (const { plan, recipe } of changes) {
      const words_ = plan.map((word) => (word === '...' ? "'x'" : word));
      const planned = await terminal.succeed('plan', ...words_, '--format', 'json');
      assert.equal(planned.json<{ plan: { recipe: string } }>().plan.recipe, recipe);
    }
  });

  it('compares two files without a database, and two databases', async () => {
    const answer = await terminal.run(
      'diff',
      'same.sql',
      '--from',
      'schema.sql',
      '--shadow',
      terminal.shadow,
    );
    assert.match(answer.out, /From schema\.sql to same\.sql/);
    const other = await openTerminal(18, {});
    try {
      const { host, port, user, database } = other.database.connection;
      const url = `postgres://${user}@${host}:${port}/${database}?sslmode=disable`;
      const both = await terminal.run('diff', '--to-database-url', url, '--shadow', terminal.shadow);
      assert.match(both.out, /Drop the table app\.items/);
    } finally {
      await other.close();
    }
  });

  it('wants one schema to reach', async () => {
    const answer = await terminal.run('diff');
    assert.equal(answer.exitCode, 2);
    assert.match(answer.told.join('\n'), /Name the schema to reach/);
  });
});
