import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testMajors, testServer } from '../support/servers';
import { assess } from '../../src/assess/assess';
import type { Assessment } from '../../src/assess/assessment';
import type { SingleChange } from '../../src/assess/change';
import type { AddRequiredColumn } from '../../src/assess/changes/add-required-column';
import { openSession } from '../../src/database/connect';
import { readServerFacts } from '../../src/assess/server-facts';
import type { Session } from '../../src/database/session';
import { isSwitchbackError, type ErrorCode } from '../../src/messages/error';
import { systemClock } from '../../src/ports/clock';
import { nodeFiles } from '../../src/ports/node-files';
import { silentProgress } from '../../src/ports/progress';

const people = { schema: 'public', name: 'people' };
const rename: SingleChange = { kind: 'rename-column', table: people, from: 'name', to: 'full_name' };

function adding(
  type: string,
  expression: string,
  by: 'default' | 'expression' = 'default',
): AddRequiredColumn {
  return {
    kind: 'add-required-column',
    table: people,
    column: 'added',
    type,
    fill: { by, expression },
    keepDefault: false,
  };
}

for (const major of testMajors) {
  describe(`assess on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let session: Session;
    let root: string;
    let drop: () => Promise<void>;

    before(async () => {
      const server = await testServer({ major });
      const database = await server.createDatabase();
      drop = () => database.drop();
      session = await openSession(database.connection, database.password);
      await session.script(`
        CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, age int);
        INSERT INTO people (name, age) SELECT 'p' || i, NULLIF(i, 7) FROM generate_series(1, 50) i;
        CREATE VIEW named AS SELECT name FROM people;
        CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
        CREATE SEQUENCE numbers;
        CREATE TABLE heap (a int);
        ANALYZE;
      `);
      root = await mkdtemp(join(tmpdir(), 'switchback-assess-'));
      await mkdir(join(root, 'src'));
      await mkdir(join(root, 'migrations'));
      await writeFile(
        join(root, 'src', 'people.ts'),
        "const sql = 'select name from people';\nrow.name;\nrow.rename;\n",
      );
      await writeFile(join(root, 'src', 'other.ts'), 'const name = 1;\n');
      await writeFile(join(root, 'migrations', '001_people.sql'), 'create table people (name text);\n');
      await writeFile(join(root, 'src', 'ignored.ts'), 'people.name\n');
      await writeFile(join(root, '.gitignore'), 'ignored.ts\n');
    });

    after(async () => {
      await session.close();
      await drop();
      await rm(root, { recursive: true });
    });

    const of = (change: SingleChange, freeBytes: number | null = null): Promise<Assessment> =>
      assess({
        session,
        connection: { environment: 'production' },
        label: 'test on localhost',
        change,
        files: nodeFiles(),
        root,
        excludedFolders: ['migrations', ''],
        freeBytes,
        clock: systemClock(),
        progress: silentProgress(),
        signal: new AbortController().signal,
      });

    const refuses = (change: SingleChange, code: ErrorCode, words: RegExp): Promise<void> =>
      assert.rejects(of(change), (error) => {
        assert.ok(isSwitchbackError(error, code), String(error));
        assert.match(error.sentence, words);
        return true;
      });

    it('says what there is', async () => {
      const assessment = await of(rename);
      assert.equal(assessment.server.major, major);
      assert.equal(assessment.table.rows.count, 50);
      assert.ok(assessment.server.databaseBytes > 0);
      assert.deepEqual(assessment.server.replicas, []);
      assert.ok(assessment.server.lockSlots.available >= 64);
      assert.deepEqual(assessment.blockers, []);
      assert.equal(assessment.migrationType.id, 'schema-destructive');
      assert.ok(
        assessment.risk.reasons.some(
          (reason) => reason.id === 'dependents' && reason.evidence.includes('named'),
        ),
      );
    });

    it('finds code that mentions table and column as whole words, without migrations and ignored files', async () => {
      const { references, filesSearched } = (await of(rename)).codeReferences;
      assert.deepEqual(
        references.map((each) => [each.line, each.column, each.mentions]),
        [
          [1, 21, 'both'],
          [2, 5, 'column'],
        ],
      );
      assert.equal(references[0]!.path, 'src/people.ts');
      assert.equal(filesSearched, 2);
    });

    it('warns of a disk that is too small', async () => {
      const { risk } = await of(rename, 1000);
      assert.equal(risk.level, 'very-high');
      assert.equal(risk.reasons[0]!.id, 'disk');
    });

    it('sees a transaction that stays open', async () => {
      const other = await (await testServer({ major })).createDatabase();
      const [idle, reader] = [
        await openSession(other.connection, other.password),
        await openSession(other.connection, other.password),
      ];
      try {
        await idle.script("BEGIN; SELECT 'password=secret'");
        const { longTransactions } = await readServerFacts(reader, new AbortController().signal, 0);
        assert.deepEqual(
          longTransactions.map((each) => [each.pid, each.state, each.query]),
          [[idle.facts.pid, 'idle in transaction', "BEGIN; SELECT 'password=***"]],
        );
      } finally {
        await idle.close();
        await reader.close();
        await other.drop();
      }
    });

    it('refuses a table that does not exist, a taken name, a rename that is done, and names that do not fit', async () => {
      await refuses({ ...rename, table: { schema: 'public', name: 'poeple' } }, 'not-found', /people/);
      await refuses({ ...rename, from: 'nmae' }, 'not-found', /name/);
      await refuses({ ...rename, to: 'age' }, 'invalid-input', /age/);
      await refuses({ ...rename, from: 'nombre', to: 'name' }, 'already-done', /already been renamed/);
      await refuses({ ...rename, to: 'ä'.repeat(32) }, 'invalid-name', /64 bytes/);
      await refuses({ ...rename, to: 'xmin' }, 'invalid-name', /system column/);
    });

    it('says of a view and a table of PostgreSQL itself why it stops', async () => {
      const view = await of({ ...rename, table: { schema: 'public', name: 'named' } });
      assert.match(view.blockers[0]!, /is a view/);
      const catalog = await of({
        ...rename,
        table: { schema: 'pg_catalog', name: 'pg_class' },
        from: 'relname',
      });
      assert.match(catalog.blockers.join(' '), /PostgreSQL itself/);
    });

    it('finds how a new column can be added', async () => {
      const volatility = async (change: AddRequiredColumn): Promise<string | undefined> =>
        (await of(change)).newColumn?.volatility;
      assert.equal(await volatility(adding('integer', '5')), 'immutable');
      assert.equal(await volatility(adding('timestamptz', 'now()')), 'stable');
      assert.equal(await volatility(adding('timestamptz', 'current_timestamp')), 'stable');
      assert.equal(await volatility(adding('bigint', "nextval('numbers')")), 'volatile');
      assert.equal(await volatility(adding('double precision', 'random()')), 'volatile');
      assert.equal(await volatility(adding('text', "coalesce(name, '')", 'expression')), 'immutable');
      assert.deepEqual(
        (await of(adding('positive', '5'))).newColumn?.domain?.checks.map((check) => check.definition),
        ['CHECK ((VALUE > 0))'],
      );
      assert.deepEqual((await of(adding('text', 'people.name', 'expression'))).newColumn?.columns, ['name']);
    });

    it('refuses types and values that do not fit', async () => {
      await refuses(adding('txet', "''"), 'invalid-input', /txet/);
      await refuses(adding('int; drop table people', '1'), 'invalid-input', /is not a type/);
      await refuses(adding('bigserial', '1'), 'invalid-input', /nextval/);
      await refuses(adding('integer', "'abc'"), 'invalid-input', /abc/);
      await refuses(adding('integer', "lower('5')"), 'invalid-input', /is of type text/);
      await refuses(adding('integer', '1 +'), 'invalid-input', /is no SQL expression/);
      await refuses(adding('integer', 'age'), 'invalid-input', /cannot read the column/);
      await refuses(adding('integer', 'agee', 'expression'), 'invalid-input', /no column agee/);
      await refuses(
        adding('integer', '1) ; drop table people; select (1'),
        'invalid-input',
        /is no SQL expression/,
      );
      await refuses(adding('integer', 'nothere(1)'), 'invalid-input', /nothere/);
    });

    it('says when an expression gives some row no value, or fails on one', async () => {
      assert.match((await of(adding('integer', 'age', 'expression'))).blockers.join(' '), /no value/);
      assert.deepEqual((await of(adding('integer', 'coalesce(age, 0)', 'expression'))).blockers, []);
      await refuses(
        adding('integer', '100 / (id - 3)::int', 'expression'),
        'invalid-input',
        /division by zero/,
      );
    });

    it('says where the user may create nothing', async () => {
      const owner = `"Owner ${process.pid}"`;
      assert.equal((await of(rename)).mayCreate, undefined);
      await session.script(
        `CREATE ROLE ${owner}; CREATE SCHEMA closed; CREATE TABLE closed.people (id int, name text); GRANT USAGE ON SCHEMA closed TO ${owner}; ALTER TABLE closed.people OWNER TO ${owner}; SET ROLE ${owner}`,
      );
      try {
        const found = await of({ ...rename, table: { schema: 'closed', name: 'people' } });
        assert.equal(found.mayCreate, false);
      } finally {
        await session.script(`RESET ROLE; DROP OWNED BY ${owner}; DROP SCHEMA closed; DROP ROLE ${owner}`);
      }
    });

    it('changes nothing', async () => {
      const { rows } = await session.query<{ called: boolean }>('SELECT is_called AS called FROM numbers');
      assert.equal(rows[0]!.called, false);
    });
  });
}
