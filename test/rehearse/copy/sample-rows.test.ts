import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openSession } from '../../../src/database/connect';
import type { Session, SessionFactory } from '../../../src/database/session';
import { silentProgress } from '../../../src/ports/progress';
import { readCopyTables } from '../../../src/rehearse/copy/copy-facts';
import type { RowCopyRequest } from '../../../src/rehearse/copy/copy-once';
import { RowCopy } from '../../../src/rehearse/copy/copy-rows';
import { chooseRows } from '../../../src/rehearse/copy/sample-rows';
import { isSwitchbackError } from '../../../src/messages/error';
import { testServer, testSession, type TestDatabase } from '../../support/servers';

interface Key {
  to: number;
  notNull: boolean;
  full: boolean;
}

interface Table {
  /** One column, or two. */
  composite: boolean;
  partitioned: boolean;
  rows: number;
  keys: Key[];
}

const tables = fc.array(
  fc.record<Table>({
    composite: fc.boolean(),
    partitioned: fc.boolean(),
    rows: fc.integer({ min: 0, max: 14 }),
    keys: fc.array(fc.record<Key>({ to: fc.nat(5), notNull: fc.boolean(), full: fc.boolean() }), {
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: 5 },
);

/** With `to` within the tables, and no reference demanded of what is empty. */
function settled(generated: readonly Table[]): Table[] {
  return generated.map((table) => ({
    ...table,
    keys: table.keys.map((key) => {
      const to = key.to % generated.length;
      return { ...key, to, notNull: key.notNull && generated[to]!.rows > 0 };
    }),
  }));
}

function referencing(of: readonly Table[], table: number, at: number): { columns: string; sql: string } {
  const { to, full } = of[table]!.keys[at]!;
  const columns = of[to]!.composite ? `k${at}_a, k${at}_b` : `k${at}_a`;
  return { columns, sql: `foreign key (${columns}) references t${to}${full ? ' match full' : ''}` };
}

function schemaOf(of: readonly Table[]): string {
  const made = of.map(({ composite, partitioned, keys }, at) => {
    const columns = keys.map(({ to, notNull }, key) => {
      const rule = notNull ? ' not null' : '';
      return `, k${key}_a int${rule}${of[to]!.composite ? `, k${key}_b text${rule}` : ''}`;
    });
    const parts = partitioned
      ? `; create table t${at}_0 partition of t${at} for values with (modulus 2, remainder 0); create table t${at}_1 partition of t${at} for values with (modulus 2, remainder 1)`
      : '';
    return `create table t${at} (a int, b text${columns.join('')}, primary key (${composite ? 'a, b' : 'a'}))${partitioned ? ' partition by hash (a)' : ''}${parts}`;
  });
  const added = of.flatMap(({ keys }, at) =>
    keys.map((_, key) => `alter table t${at} add constraint f${at}_${key} ${referencing(of, at, key).sql}`),
  );
  return ['drop schema public cascade; create schema public', ...made, ...added, ''].join(';\n');
}

function rowsOf(of: readonly Table[], pick: () => number): string {
  const value = ({ to, notNull, full }: Key): string => {
    const { rows, composite } = of[to]!;
    const row = pick() % Math.max(1, rows);
    if (rows === 0 || (!notNull && pick() % 3 === 0))
      return composite ? (full ? 'null, null' : `null, 'x'`) : 'null';
    return composite ? `${row}, 'b${row}'` : `${row}`;
  };
  return of
    .flatMap(({ rows, keys }, at) =>
      Array.from(
        { length: rows },
        (_, row) => `insert into t${at} values (${[`${row}`, `'b${row}'`, ...keys.map(value)].join(', ')})`,
      ),
    )
    .join(';\n');
}

describe('a sample of rows', function () {
  this.timeout(180_000);
  const databases: TestDatabase[] = [];
  let from: Session;
  let shadow: Session;
  let source: SessionFactory;
  before(async () => {
    const server = await testServer({ major: 18 });
    databases.push(await server.createDatabase(), await server.createDatabase());
    from = await testSession(databases[0]!);
    shadow = await testSession(databases[1]!);
    source = {
      label: 'the source',
      open: (options) => openSession(databases[0]!.connection, databases[0]!.password, options),
    };
  });
  after(async () => {
    await from?.close();
    await shadow?.close();
    for (const database of databases) await database.drop();
  });

  const signal = new AbortController().signal;
  const request = (changes: Partial<RowCopyRequest> = {}): RowCopyRequest => ({
    source,
    copy: { kind: 'sample', rows: 2 },
    rules: {},
    isProduction: false,
    left: [],
    progress: silentProgress(),
    ...changes,
  });
  const contents = async (session: Session, of: readonly Table[]): Promise<string[][]> => {
    const found: string[][] = [];
    for (const at of of.keys()) {
      const { rows } = await session.query<{ row: string }>(`select t::text as row from t${at} t order by 1`);
      found.push(rows.map(({ row }) => row));
    }
    return found;
  };

  it('has every row that its rows reference, and no more than that', async () => {
    const law = fc.asyncProperty(
      tables,
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.nat()),
      async (generated, rows, picks) => {
        const of = settled(generated);
        const pick = (): number => picks.next().value as number;
        await from.script(schemaOf(of));
        await from.script(`begin; set local session_replication_role = replica; ${rowsOf(of, pick)}; commit`);
        await shadow.script('reset all');
        await shadow.script(schemaOf(of));
        const copy = new RowCopy(request({ copy: { kind: 'sample', rows } }));
        await copy.fill(shadow, signal);
        await shadow.script('reset all');
        const [all, sample] = [await contents(from, of), await contents(shadow, of)];
        sample.forEach((some, at) => {
          assert.ok(some.every((row) => all[at]!.includes(row)));
          assert.ok(some.length >= Math.min(rows, all[at]!.length));
        });
        // Of a partitioned table each partition has its share.
        const { rows: asked } = await from.query<{ asked: number }>(
          `select coalesce(sum(least($1::int, (xpath('/row/n/text()', query_to_xml('select count(*) as n from only ' || oid::regclass, false, true, '')))[1]::text::int)), 0)::int as asked
           from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
          [rows],
        );
        assert.equal(copy.copied!.rows - copy.copied!.addedRows, asked[0]!.asked);
        assert.equal(copy.copied!.rows, sample.flat().length);
        // The server itself looks at each key again.
        for (const [at, { keys }] of of.entries())
          for (const key of keys.keys())
            await shadow.script(
              `alter table t${at} drop constraint f${at}_${key}; alter table t${at} add ${referencing(of, at, key).sql}`,
            );
        await from.transaction(async () => {
          await from.script('set local search_path = pg_catalog');
          const found = await readCopyTables(from, signal);
          const choose = (): ReturnType<typeof chooseRows> =>
            chooseRows(from, { tables: found, rows, onChoosing: () => undefined, signal });
          assert.deepEqual(await choose(), await choose());
        });
      },
    );
    await fc.assert(law, { numRuns: 25 });
  });

  it('takes blocks at random of what is too large to be sorted, and says so', async () => {
    const schema =
      'drop schema public cascade; create schema public; create table t (id int primary key, up int references t)';
    await from.script(
      `${schema}; insert into t select g, greatest(1, g / 2) from generate_series(1, 30000) g; analyze t`,
    );
    await shadow.script('reset all');
    await shadow.script(schema);
    const copy = new RowCopy(request({ copy: { kind: 'sample', rows: 500 }, sortedBytes: 100_000 }));
    await copy.fill(shadow, signal);
    const { rows: got, addedRows, notes } = copy.copied!;
    assert.equal(got - addedRows, 500);
    assert.ok(addedRows > 10 && addedRows < 2000, String(addedRows));
    assert.match(
      notes.join('\n'),
      /rows came along.*\n.*blocks chosen at random \(TABLESAMPLE\): public\.t\./,
    );
  });

  it('is refused where a row references one that is not there, naming the constraint', async () => {
    const schema =
      'drop schema public cascade; create schema public; create table a (id int primary key); create table b (id int primary key, a int constraint b_to_a references a)';
    await from.script(
      `${schema}; set session_replication_role = replica; insert into b values (1, 4711); reset session_replication_role`,
    );
    for (const kind of ['full', 'sample'] as const) {
      await shadow.script('reset all');
      await shadow.script(schema);
      const copy = kind === 'full' ? ({ kind } as const) : ({ kind, rows: 5 } as const);
      await assert.rejects(
        new RowCopy(request({ copy })).fill(shadow, signal),
        (error) =>
          isSwitchbackError(error, 'verification-failed') &&
          /public\.b .*public\.a .*b_to_a/.test(error.sentence) &&
          !JSON.stringify([error.sentence, error.details]).includes('4711'),
      );
    }
  });

  it('says what a role does not see, and refuses what it may not read', async () => {
    const schema =
      'drop schema public cascade; create schema public; create table seen (id int, who text); create table closed (id int)';
    await from.script(
      `${schema}; grant usage on schema public to public; grant select on seen to public; alter table seen enable row level security;
       create policy own on seen using (who = 'a'); insert into seen values (1, 'a'), (2, 'b'); create role copy_reader`,
    );
    try {
      const asReader: SessionFactory = {
        ...source,
        open: async (options) => {
          const session = await source.open(options);
          await session.script('set role copy_reader');
          return session;
        },
      };
      await shadow.script('reset all');
      await shadow.script(schema);
      await assert.rejects(
        new RowCopy(request({ source: asReader })).fill(shadow, signal),
        (error) =>
          isSwitchbackError(error, 'no-privilege') && /may not read public\.closed/.test(error.sentence),
      );
      await shadow.script('reset all');
      await shadow.script(schema);
      const copy = new RowCopy(request({ source: asReader, left: ['public.closed'] }));
      await copy.fill(shadow, signal);
      assert.equal(copy.copied!.rows, 1);
      assert.match(copy.copied!.notes.join('\n'), /Row security shows the role only some rows.*public\.seen/);
    } finally {
      await from.script('drop role copy_reader');
    }
  });
});
