import assert from 'node:assert/strict';
import type { PartitionTable } from '../../src/assess/changes/partition-table';
import { partitionTableBlockers } from '../../src/plan/pieces/partition-blockers-copy';
import { openBench, type Bench } from '../implement/fixture';
import { assessmentOf } from './assessment';

const change: PartitionTable = {
  kind: 'partition-table',
  table: { schema: 'public', name: 't' },
  partitionBy: 'RANGE (at)',
  partitions: "t_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); t_rest DEFAULT",
};
const plain = 'create table t (id int not null, at date not null, v text, primary key (id, at));';

describe('what stops a table from being partitioned', function () {
  this.timeout(60_000);
  let bench: Bench;
  afterEach(() => bench?.drop());

  const stops: { title: string; sql: string; says: RegExp }[] = [
    {
      title: 'a key without its column',
      sql: 'create table t (id int primary key, at date not null)',
      says: /change-primary-key/,
    },
    {
      title: 'a unique index without it',
      sql: `${plain} create unique index u on t (v)`,
      says: /u keeps rows unique without at/,
    },
    {
      title: 'a foreign key to it',
      sql: `${plain} create table r (id int, at date, constraint k foreign key (id, at) references t)`,
      says: /foreign key k of public\.r/,
    },
    {
      title: 'a constraint that is not proved',
      sql: `${plain} alter table t add constraint c check (v <> '') not valid`,
      says: /c of public\.t is NOT VALID/,
    },
    {
      title: 'a materialized view',
      sql: `${plain} create materialized view m as select id from t`,
      says: /materialized view public\.m/,
    },
    { title: 'row security', sql: `${plain} alter table t enable row level security`, says: /row security/ },
    { title: 'a publication', sql: `${plain} create publication p for table t`, says: /publication p sends/ },
    {
      title: 'a routine bound to its rows',
      sql: `${plain} create function f(t) returns int language sql as 'select 1'`,
      says: /f\(.*\) is bound to public\.t/,
    },
    { title: 'a name that is taken', sql: `${plain} create table t_rest ()`, says: /called t_rest already/ },
  ];
  for (const { title, sql, says } of stops)
    it(title, async () => {
      bench = await openBench(18, sql);
      const assessment = await assessmentOf(bench.look, change);
      const found = [...assessment.blockers, ...partitionTableBlockers(assessment)].filter((each) =>
        says.test(each),
      );
      assert.equal(
        found.length,
        1,
        [...assessment.blockers, ...partitionTableBlockers(assessment)].join('\n'),
      );
    });

  it('nothing, where none of these is there', async () => {
    bench = await openBench(18, `${plain} create view s as select * from t`);
    const assessment = await assessmentOf(bench.look, change);
    assert.deepEqual([...assessment.blockers, ...partitionTableBlockers(assessment)], []);
  });

  it('partitions in which some row has no place, or that are no list', async () => {
    bench = await openBench(18, plain);
    for (const wrong of [
      { partitions: "t_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')" },
      { partitions: 't_1' },
      { partitions: 't_1 DEFAULT; t_1 DEFAULT' },
      { partitionBy: 'HASH (id)', partitions: 't_1 FOR VALUES WITH (MODULUS 2, REMAINDER 0)' },
      { partitionBy: 'RANGE (lower(v))' },
      { partitionBy: 'id' },
    ])
      await assert.rejects(assessmentOf(bench.look, { ...change, ...wrong }), { code: 'invalid-input' });
  });
});
