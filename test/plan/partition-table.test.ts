import assert from 'node:assert/strict';
import type { PartitionTable } from '../../src/assess/changes/partition-table';
import { partitionTableBlockers } from '../../src/plan/pieces/partition-blockers-copy';
import { openBench, type Bench } from '../implement/fixture';
import type { TestMajor } from '../support/servers';
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

  const stops: { title: string; sql: string; says: RegExp; major?: TestMajor }[] = [
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
      title: 'a foreign key to a key without its column',
      sql: `${plain} create unique index u on t (id); create table r (id int constraint k references t (id))`,
      says: /foreign key k of public\.r refers to public\.t without at/,
    },
    {
      title: 'a foreign key to itself',
      sql: `${plain} alter table t add constraint k foreign key (id, at) references t`,
      says: /k makes rows of public\.t refer to each other/,
    },
    {
      title: 'a foreign key that follows, before PostgreSQL 15',
      sql: `${plain} create table r (id int, at date, constraint k foreign key (id, at) references t on delete restrict on update cascade)`,
      says: /k of public\.r does more than refuse \(CASCADE\)/,
      major: 12,
    },
    {
      title: 'a foreign key of a partitioned table, before PostgreSQL 18',
      sql: `${plain} create table r (id int, at date, constraint k foreign key (id, at) references t) partition by list (id)`,
      says: /k is of public\.r, which is partitioned, too/,
      major: 12,
    },
    {
      title: 'a foreign key that a partition calls otherwise',
      sql: `${plain} create table r (id int, at date, constraint k foreign key (id, at) references t) partition by list (id);
        create table r1 (id int, at date, constraint own foreign key (id, at) references t); alter table r attach partition r1 default; create table r2 partition of r for values in (1)`,
      says: /k of public\.r has another name .*: public\.r1\./,
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
  for (const { title, sql, says, major = 18 } of stops)
    it(title, async () => {
      bench = await openBench(major, sql);
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
    bench = await openBench(
      18,
      `${plain} create view s as select * from t; create table r (id int, at date, foreign key (id, at) references t on delete cascade)`,
    );
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
