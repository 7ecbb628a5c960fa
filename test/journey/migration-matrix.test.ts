import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import { readMatrices, type MatrixTarget } from '../../src/journey/read-matrix';
import type { MigrationMatrix } from '../../src/journey/migration-matrix';
import { testServer, testSession, type TestDatabase } from '../support/servers';
import { openJourney, type Journey } from './journey';

const flyway = (rows: string): string => `create table flyway_schema_history (
  installed_rank int not null primary key, version varchar(50), description varchar(200) not null,
  type varchar(20) not null, script varchar(1000) not null, checksum integer, installed_by varchar(100) not null,
  installed_on timestamp not null default now(), execution_time integer not null, success boolean not null);
  insert into flyway_schema_history values ${rows}`;
const row = (rank: number, name: string, checksum: number, success = true): string =>
  `(${rank}, '${rank}', '${name}', 'SQL', 'V${rank}__${name}.sql', ${checksum}, 'ann', '2026-01-02 03:04:05', 38, ${success})`;

describe('every migration against every connection', function () {
  this.timeout(60_000);
  let journey: Journey;
  let production: TestDatabase;
  let look: Session;
  let other: TestDatabase;

  before(async () => {
    journey = await openJourney(18, flyway(`${row(1, 'one', 1)}, ${row(2, 'two', 2)}`), {
      'flyway.conf': 'flyway.locations=filesystem:sql\n',
      'sql/V1__one.sql': 'select 1;\n',
      'sql/V2__two.sql': 'select 2;\n',
      'sql/V10__ten.sql': 'select 10;\n',
    });
    production = await (await testServer({ major: 12 })).createDatabase();
    look = await testSession(production);
    await look.script(
      flyway(`${row(1, 'one', 1)}, ${row(2, 'two', 9)}, ${row(3, 'gone', 3)}, ${row(10, 'ten', 4, false)}`),
    );
    other = await (await testServer({ major: 18 })).createDatabase();
    const session = await testSession(other);
    await session.script('create table flyway_schema_history (id int)');
    await session.close();
  });
  after(async () => {
    await look?.close();
    await production?.drop();
    await other?.drop();
    await journey?.close();
  });

  const target = (
    database: TestDatabase,
    name: string,
    environment: 'development' | 'staging' | 'production',
  ): MatrixTarget => ({
    kind: 'saved',
    connection: { ...database.connection, name, environment },
    secret: async () => database.password,
  });
  const states = ({ rows }: MigrationMatrix): Record<string, string> =>
    Object.fromEntries(
      rows.map(({ version, cells, differs }) => [
        version,
        `${cells.map((cell) => cell?.state ?? '?').join(' ')}: ${differs}`,
      ]),
    );

  it('reads them all at once; what cannot be read is a column with the reason', async () => {
    const gone = {
      ...production.connection,
      database: 'not_there',
      name: 'gone',
      environment: 'staging' as const,
    };
    const [matrix, ...more] = await readMatrices(journey.context, [
      target(production, 'live', 'production'),
      { kind: 'saved', connection: gone, secret: async () => production.password },
      target(other, 'another tool', 'staging'),
      {
        kind: 'open',
        connection: { name: 'mine', environment: 'development' },
        read: (work) => work(journey.database.session),
      },
    ]);
    assert.deepEqual(more, []);
    assert.equal(matrix!.label, 'sql');
    assert.deepEqual(
      matrix!.columns.map(({ name, problem }) => [name, problem === null]),
      [
        ['mine', true],
        ['another tool', false],
        ['gone', false],
        ['live', true],
      ],
    );
    assert.match(matrix!.columns[1]!.problem!, /is not Flyway's/);
    assert.match(matrix!.columns[2]!.problem!, /not_there/);
    assert.deepEqual(states(matrix!), {
      1: 'applied ? ? applied: none',
      2: 'applied ? ? applied: checksum',
      3: 'absent ? ? missing: state',
      10: 'pending ? ? failed: state',
    });
    assert.deepEqual(
      matrix!.rows.map(({ version, name }) => `${version} ${name}`),
      ['1 one', '2 two', '3 gone', '10 ten'],
    );
    assert.deepEqual(matrix!.rows[0]!.cells[0], {
      state: 'applied',
      flags: ['edited', 'no-down'],
      appliedAt: '2026-01-02T03:04:05.000Z',
      appliedBy: 'ann',
      milliseconds: 38,
      checksum: '1',
    });
    assert.equal(matrix!.rows[2]!.path, null);
  });

  it('leaves no session behind', async () => {
    await readMatrices(journey.context, [target(production, 'live', 'production')]);
    const { rows } = await look.query(
      'select application_name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    assert.deepEqual(rows, []);
  });
});
