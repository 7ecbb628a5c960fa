import assert from 'node:assert/strict';
import { historySql } from '../../src/implement/scripts/history-sql';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import { withHistoryTable } from '../../src/layouts/with-history-table';
import { openTerminal, type Terminal } from './terminal';
import { switchback, type CliAnswer } from './support';

const folder = {
  '.switchback/config.json': '{"historyTables":{"./db/migrations/":"audit.\\"Applied\\""}}',
  // What the configuration says wins.
  '.env': 'DATABASE_URL=postgres://nobody@nowhere/none?x-migrations-table=other\n',
  'db/migrations/000001_items.up.sql': 'create table items (id bigint primary key);\n',
  'db/migrations/000001_items.down.sql': 'drop table items;\n',
  'db/migrations/000002_prices.up.sql': 'alter table items add column price int;\n',
  'db/migrations/000002_prices.down.sql': 'alter table items drop column price;\n',
};
const first = 'db/migrations/000001_items.up.sql';
const second = 'db/migrations/000002_prices.up.sql';

interface Status {
  folders: { historyTable: string | null; problems: string[]; statuses: { state: string }[] }[];
}

describe('a history table that the configuration names, in a terminal', function () {
  this.timeout(120_000);
  let terminal: Terminal;
  let role: string;

  beforeEach(async () => {
    terminal = await openTerminal(18, folder);
    role = `${terminal.database.connection.database}_team`;
    await terminal.session.script(
      `create schema audit; create role ${role} login password 'secret of a test';
       grant create, usage on schema public to ${role}`,
    );
  });
  afterEach(async () => {
    await terminal?.session.script(`drop owned by ${role} cascade; drop role ${role}`);
    await terminal?.close();
  });

  /** A verb, as the role that has few rights. */
  const asRole = (...words: string[]): Promise<CliAnswer> => {
    const { host, port, database } = terminal.database.connection;
    const environment = {
      PGPASSWORD: 'secret of a test',
      TEAM_URL: `postgres://${role}@${host}:${port}/${database}?sslmode=disable`,
    };
    return switchback(terminal.folder, environment, ...words, '--database-url', 'env:TEAM_URL');
  };
  const status = async (): Promise<Status['folders'][number]> => {
    const [only] = (await terminal.run('status', '--format', 'json')).json<Status>().folders;
    return only!;
  };
  const rows = async (): Promise<unknown[]> =>
    (await terminal.session.query('select version::int, dirty from audit."Applied"')).rows;

  it('is read, written, marked and rolled back in; the usual one is never made', async () => {
    assert.equal((await status()).historyTable, 'audit."Applied"');
    await terminal.succeed('apply', second, '--to-here');
    assert.deepEqual(await rows(), [{ version: 2, dirty: false }]);
    assert.deepEqual(
      (await status()).statuses.map(({ state }) => state),
      ['applied', 'applied'],
    );
    await terminal.succeed('rollback', second);
    assert.deepEqual(await rows(), [{ version: 1, dirty: false }]);
    await terminal.succeed('apply', second, '--mark', '--yes', 'mark-applied');
    assert.deepEqual(await rows(), [{ version: 2, dirty: false }]);
    const { rows: usual } = await terminal.session.query(
      "select 1 from pg_tables where tablename in ('schema_migrations', 'other')",
    );
    assert.deepEqual(usual, []);
  });

  it('of another role is told with the GRANT to ask for, before anything runs', async () => {
    await terminal.succeed('apply', first);
    const hidden = await asRole('status', '--format', 'json');
    assert.match(
      hidden.json<Status>().folders[0]!.problems.join(),
      new RegExp(`may not read the history table audit."Applied".*grant usage on schema audit to ${role}`),
    );
    await terminal.session.script(
      `grant usage on schema audit to ${role}; grant select, insert on audit."Applied" to ${role}; alter table items owner to ${role}`,
    );
    for (const words of [
      ['apply', second],
      ['apply', second, '--mark', '--yes', 'mark-applied'],
    ]) {
      const refused = await asRole(...words);
      assert.equal(refused.exitCode, 1);
      assert.match(
        refused.told.join('\n'),
        new RegExp(
          `may not write to .* Nothing was run. .*: grant truncate on audit."Applied" to ${role}\\.`,
        ),
      );
    }
    const { rows: columns } = await terminal.session.query(
      "select attname from pg_attribute where attrelid = 'items'::regclass and attnum > 0",
    );
    assert.deepEqual(columns, [{ attname: 'id' }]);
    assert.deepEqual(await rows(), [{ version: 1, dirty: false }]);
  });

  it('is the one that scripts write', () => {
    const table = { schema: 'audit', name: 'Applied' };
    const { query, prepare, upBegin, lockTake } = historySql(withHistoryTable(golangMigrate, table));
    assert.equal(query, 'select version::text as version, dirty from audit."Applied" limit 1');
    assert.match(prepare.join(), /create table if not exists audit\."Applied"/);
    assert.equal(upBegin[1], 'truncate audit."Applied"');
    assert.match(lockTake!, /'audit'.*'Applied'/s);
  });
});

describe('a schema that the tool runs its migrations in, in a terminal', function () {
  this.timeout(120_000);
  let terminal: Terminal;
  afterEach(() => terminal?.close());

  it('is where they run here too, and in the shadow database', async () => {
    terminal = await openTerminal(18, {
      '.env': 'DATABASE_URL=postgresql://nobody:hidden@nowhere/none?schema=app\n',
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
      'prisma/migrations/1_items/migration.sql': 'create table items (id int);\n',
      'prisma/migrations/1_items/down.sql': 'drop table app.items;\n',
    });
    const applied = await terminal.succeed('apply', 'prisma/migrations/1_items/migration.sql');
    assert.doesNotMatch(applied.told.join(), /hidden/);
    const { rows } = await terminal.session.query(
      "select schemaname || '.' || tablename as name from pg_tables where schemaname in ('app', 'public') order by 1",
    );
    assert.deepEqual(rows, [{ name: 'app._prisma_migrations' }, { name: 'app.items' }]);
    const rehearsed = await terminal.succeed('rehearse', '--format', 'json');
    const { migrations } = rehearsed.json<{ migrations: { verdict: string }[] }>();
    assert.deepEqual(
      migrations.map(({ verdict }) => verdict),
      ['exact'],
    );
    await terminal.succeed('rollback', 'prisma/migrations/1_items/migration.sql');
    const { rows: left } = await terminal.session.query('select 1 from app._prisma_migrations');
    assert.deepEqual(left, []);
  });
});
