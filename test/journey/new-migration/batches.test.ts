import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type pg from 'pg';
import type { BackfillColumn } from '../../../src/implement/new-migration/answers';
import { backfillSql } from '../../../src/implement/new-migration/backfill-sql';
import { newMigration } from '../../../src/journey/new-migration';
import { testContext } from '../../support/journey-context';
import { testMajors, testServer, type TestDatabase } from '../../support/servers';
import { answersFor, withClient, withFolder } from './fixture';

const table = { schema: 'public', name: 'many' };
const change: BackfillColumn = {
  kind: 'backfill',
  table,
  key: ['tenant', 'id'],
  column: 'n',
  expression: 'n + 1',
  onlyEmpty: false,
};

interface Script {
  up(db: pg.ClientBase, options?: object): Promise<void>;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
}

for (const major of testMajors) {
  describe(`batches of a new backfill (PostgreSQL ${major})`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    beforeEach(async () => {
      database = await (await testServer({ major })).createDatabase();
      await withClient(database, (client) =>
        client.query(`create table many (tenant int, id bigint, n int not null default 0, primary key (tenant, id));
          insert into many select n % 5, n, 0 from generate_series(1, 40000) as n;`),
      );
    });
    afterEach(() => database?.drop());

    for (const analyzed of [false, true]) {
      it(`read their range by the key's index, ${analyzed ? 'with' : 'without'} statistics`, () =>
        withClient(database, async (client) => {
          if (analyzed) await client.query('analyze many');
          const sql = backfillSql({ ...change, checkpoint: { schema: 'public', name: 'place' } });
          for (const statement of sql.create) await client.query(statement);
          const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
            `explain (format json) ${sql.batch('1000')}`,
          );
          const nodes: PlanNode[] = [];
          const collect = (node: PlanNode): void => {
            nodes.push(node);
            node.Plans?.forEach(collect);
          };
          collect(rows[0]!['QUERY PLAN'][0].Plan);
          const reads = nodes.filter(
            (node) =>
              /Scan/.test(node['Node Type']) && (node['Relation Name'] === 'many' || node['Index Cond']),
          );
          assert.ok(reads.length >= 2, JSON.stringify(nodes, null, 1));
          for (const read of reads) {
            assert.doesNotMatch(read['Node Type'], /Seq/);
            if (read['Node Type'] !== 'Bitmap Heap Scan')
              assert.match(read['Index Cond'] ?? '', /ROW\(tenant, id\) >=/);
          }
        }));
    }

    it('are halved while they take too long', () =>
      withFolder(async (root) => {
        const [file] = await newMigration(testContext(root), null, answersFor(root, 'typescript', change));
        const text = await readFile(file!, 'utf8');
        assert.match(text, /const batchMilliseconds = 15_000;/);
        await writeFile(file!, text.replace('batchMilliseconds = 15_000', 'batchMilliseconds = 400'));
        const script = (await import(pathToFileURL(file!).href)) as Script;
        await withClient(database, async (client) => {
          await client.query(`delete from many where id > 1000;
            create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.001); return new; end $$;
            create trigger slow before update on many for each row execute function slow();`);
          const done: number[] = [];
          await script.up(client, {
            batchRows: 1000,
            onProgress: ({ rowsDone }: { rowsDone: number }) => done.push(rowsDone),
          });
          assert.ok(done[0]! < 1000 && done[0]! > 10, String(done));
          assert.equal(done.at(-1), 1000);
          const { rows } = await client.query('select min(n), max(n) from many');
          assert.deepEqual(rows, [{ min: 1, max: 1 }]);
        });
      }));

    it('leave an empty table as it is', () =>
      withFolder(async (root) => {
        const [file] = await newMigration(testContext(root), null, answersFor(root, 'typescript', change));
        const script = (await import(pathToFileURL(file!).href)) as Script;
        await withClient(database, async (client) => {
          await client.query('truncate many');
          const done: object[] = [];
          await script.up(client, { onProgress: (progress: object) => done.push(progress) });
          assert.deepEqual(done, [{ rowsDone: 0, finished: true }]);
        });
      }));

    it('are shared by those that run at once', () =>
      withFolder(async (root) => {
        const [file] = await newMigration(testContext(root), null, answersFor(root, 'typescript', change));
        const script = (await import(pathToFileURL(file!).href)) as Script;
        const run = (): Promise<void> =>
          withClient(database, (client) =>
            script.up(client, { batchRows: 700, onProgress: () => undefined }),
          );
        await run().then(run);
        await withClient(database, async (client) => {
          await client.query(`update public.migration_001_a_new_migration_progress
            set (next_1, next_2) = (select tenant, id from many order by 1, 2 limit 1), finished_at = null`);
          await Promise.all([run(), run(), run()]);
          const { rows } = await client.query('select min(n), max(n), count(*)::int from many');
          assert.deepEqual(rows, [{ min: 2, max: 2, count: 40000 }]);
        });
      }));
  });
}
