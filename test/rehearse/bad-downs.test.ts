import assert from 'node:assert/strict';
import type { Shadow } from '../../src/shadow/shadow';
import { openTestShadow, rehearsePairs } from './pairs';

describe('after a bad down', function () {
  this.timeout(120_000);
  let shadow: Shadow;
  before(async () => {
    shadow = await openTestShadow();
  });
  after(() => shadow?.dispose());

  it('tells whether the migration can be applied again', async () => {
    const [, bad] = await rehearsePairs(shadow, [
      ['create table t (a int)', 'drop table t'],
      ['create table u (a int); create index i on t (a)', 'drop table u'],
    ]);
    assert.deepEqual([bad!.verdict, bad!.reUp], ['differs', 'error']);
    assert.match(bad!.notes.join(), /After this down, the next up \(2 m\) fails: .*"i" already exists/);
  });

  it('tells whether the one after it still can be applied', async () => {
    const [, bad, next] = await rehearsePairs(shadow, [
      ['create table t (a int)', 'drop table t'],
      [
        'create table if not exists kept (n int); insert into kept values (1); alter table t add b int',
        'alter table t drop b',
      ],
      ['create unique index once on kept (n)', 'drop index once'],
    ]);
    assert.deepEqual([bad!.verdict, bad!.reUp, next!.verdict], ['differs', 'ok', 'exact']);
    assert.match(bad!.notes.join(), /After this down, the next up \(3 m\) fails: .*"once"/);
  });

  it('does not blame the down for an up that fails anyway', async () => {
    const [, bad, next] = await rehearsePairs(shadow, [
      ['create table t (a int)', 'drop table t'],
      ['create table if not exists kept (n int); insert into kept values (1)', 'select 1'],
      ['select nowhere', 'select 1'],
    ]);
    assert.deepEqual([bad!.verdict, next!.verdict], ['differs', 'up-fails']);
    assert.doesNotMatch(bad!.notes.join(), /next up/);
  });

  it('knows a down that is right only with those of the files behind it', async () => {
    const migrations = await rehearsePairs(shadow, [
      ['create table t (a int)', 'drop table t'],
      ['create table u (a int); alter table t add b int', 'alter table t drop b'],
      ['alter table u add c int', 'alter table if exists u drop c'],
      ['alter table u add d int', 'drop table u'],
      ['create table other (a int)', 'drop table other'],
    ]);
    assert.deepEqual(
      migrations.map(({ verdict }) => verdict),
      ['exact', 'differs', 'exact', 'differs', 'exact'],
    );
    assert.match(migrations[1]!.notes.join(), /right together with 3 m, 4 m/);
    assert.doesNotMatch(migrations[3]!.notes.join(), /together/);
  });

  it('does not take any file behind it for a group', async () => {
    const [, bad] = await rehearsePairs(shadow, [
      ['create table t (a int)', 'drop table t'],
      ['create index i on t (a)', ''],
      ['create table other (a int)', 'drop table other; drop index i'],
    ]);
    assert.equal(bad!.verdict, 'empty-down');
    assert.doesNotMatch(bad!.notes.join(), /together/);
  });
});
