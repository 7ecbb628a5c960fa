import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { isSwitchbackError } from '../../src/messages/error';
import {
  closePass,
  passEnded,
  walkBatch,
  walkStart,
  type WalkContext,
  type WalkedBatch,
  type WalkPosition,
} from '../../src/implement/walk';
import { readWalkTables } from '../../src/implement/walk-table';
import type { BackfillSpec, CopyBackfill } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { openBench, value, type Bench } from './fixture';

const plain = 'create table "S" (id int, v text, n int, primary key (id));';
const partitioned = `create table "S" (id int, v text, n int, primary key (id)) partition by range (id);
  create table s_low partition of "S" for values from (minvalue) to (40); create table s_rest partition of "S" default;`;

/** The copy, and the trigger that keeps in it what was copied. */
const mirror = `
  create table copied (id int primary key, v text, twice int);
  create function carry() returns trigger language plpgsql as $$ begin
    if tg_op <> 'INSERT' then delete from copied where id = old.id; end if;
    if tg_op <> 'DELETE' then
      insert into copied values (new.id, new.v, new.n * 2) on conflict (id) do update set v = excluded.v, twice = excluded.twice;
    end if;
    return null;
  end $$;
  create trigger carry after insert or update or delete on "S" for each row execute function carry();
  alter table "S" disable trigger carry; insert into "S" select i, 'v' || i, i from generate_series(1, 80) i;
  alter table "S" enable trigger carry`;

function copyOf(walk: BackfillSpec['walk']): CopyBackfill {
  return {
    write: 'copy',
    table: { schema: 'public', name: 'S' },
    into: { schema: 'public', name: 'copied' },
    columns: [
      { column: 'id', expression: 'id' },
      { column: 'v', expression: 'v' },
      { column: 'twice', expression: 'n * 2' },
    ],
    conflict: ['id'],
    pending: null,
    walk,
    estimatedRows: 80,
  };
}

const walks: { title: string; table: string; walk: BackfillSpec['walk'] }[] = [
  { title: 'by key', table: plain, walk: { by: 'key', columns: ['id'] } },
  { title: 'by key, partitions', table: partitioned, walk: { by: 'key', columns: ['id'] } },
  { title: 'by place', table: plain, walk: { by: 'ctid' } },
];

const differing = `select count(*)::int from (select id, v, n * 2 as twice from "S") s full join copied c using (id)
  where (s.v, s.twice) is distinct from (c.v, c.twice)`;

for (const major of testMajors) {
  describe(`copying rows in batches, PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let bench: Bench;
    let walker: Session;
    afterEach(async () => {
      await walker?.close();
      await bench?.drop();
    });

    for (const { title, table, walk } of walks) {
      async function open(): Promise<WalkContext> {
        bench = await openBench(major, `${table}${mirror}`);
        walker = await openSession(bench.database.connection, bench.database.password);
        const spec = copyOf(walk);
        const server = { major: bench.look.facts.major, blockBytes: 8192 };
        return { spec, tables: await readWalkTables(bench.look, spec), server };
      }

      it(`${title}: each row is there once, and a second walk adds none`, async () => {
        const context = await open();
        assert.equal(await walkAll(context), 80);
        assert.equal(await walkAll(context), 0);
        assert.equal(await value(bench.look, differing), 0);
      });

      it(`${title}: who changes a row the batch is at is waited for`, async () => {
        const context = await open();
        const changes = [
          'delete from "S" where id in (5, 60)',
          `update "S" set v = 'new', n = 0 where id in (6, 61)`,
          'update "S" set id = id + 1000 where id = 7',
        ].join(';');
        let walked: Promise<number> | undefined;
        await bench.look.transaction(async () => {
          await bench.look.script(changes);
          walked = walkAll(context);
          await new Promise((resolve) => setTimeout(resolve, 150));
        });
        await walked;
        assert.equal(await value(bench.look, differing), 0);
      });

      it(`${title}: whatever is written meanwhile`, async () => {
        const context = await open();
        const id = fc.integer({ min: 1, max: 120 });
        const write = fc.oneof(
          id.map((each) => `delete from "S" where id = ${each}`),
          id.map((each) => `update "S" set v = v || '!', n = n + 1 where id = ${each}`),
          id.map(
            (each) =>
              `update "S" set id = -id - 1 where id = ${each} and not exists (select from "S" where id = -${each} - 1)`,
          ),
          id.map((each) => `insert into "S" values (${each}, 'again', 0) on conflict do nothing`),
        );
        await fc.assert(
          fc.asyncProperty(fc.array(write, { minLength: 5, maxLength: 60 }), async (writes) => {
            await bench.look.script(
              `truncate copied; delete from "S"; insert into "S" select i, 'v' || i, i from generate_series(1, 80) i; truncate copied`,
            );
            const walked = walkAll(context, 5);
            for (const sql of writes) await bench.look.query(sql);
            await walked;
            assert.equal(await value(bench.look, differing), 0);
          }),
          { numRuns: 8 },
        );
      });
    }

    async function step(
      context: WalkContext,
      position: WalkPosition,
      units: number,
    ): Promise<Pick<WalkedBatch, 'written' | 'position'>> {
      return passEnded(context, position)
        ? { written: 0, position: await closePass(walker, context, position) }
        : walkBatch(walker, context, position, units);
    }

    async function walkAll(context: WalkContext, units = 7): Promise<number> {
      let position: WalkPosition = walkStart;
      let written = 0;
      while (!position.finished) {
        try {
          const batch = await walker.transaction(() => step(context, position, units));
          written += batch.written;
          position = batch.position;
        } catch (error) {
          // The row went to another partition while it was waited for: the batch is tried again.
          if (!isSwitchbackError(error) || error.details.sqlstate !== '40001') throw error;
        }
      }
      return written;
    }
  });
}
