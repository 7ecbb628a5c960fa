import assert from 'node:assert/strict';
import path from 'node:path';
import { rehearsedSteps } from '../../src/implement/scaffold/rehearsed-steps';
import { silentProgress } from '../../src/ports/progress';
import {
  rehearseSteps,
  type RehearsedStep,
  type RehearseStepsRequest,
  type StepRollback,
} from '../../src/rehearse/rehearse-steps';
import type { Rehearsal } from '../../src/rehearse/rehearsal';
import { openShadow } from '../../src/shadow/open-shadow';
import type { Shadow } from '../../src/shadow/shadow';
import { hostileNames, plainNames, samplePlan, type SampleNames } from '../implement/scaffold/sample-plan';
import { formatIdentifier, formatQualifiedName } from '../../src/sql/identifier';

const root = path.resolve(__dirname, '../..');

describe('rehearsing the steps of a plan', function () {
  this.timeout(120_000);
  let shadow: Shadow;

  before(async () => {
    shadow = await openShadow('local', {
      assets: { distFolder: path.join(root, 'dist') },
      binaries: { packageFolders: [root], searchPath: '' },
      major: 12,
    });
  });
  after(() => shadow?.dispose());

  const wrapped = (sql: string): { sql: string; transaction: 'wrapped' } => ({ sql, transaction: 'wrapped' });

  function request(before: string, steps: RehearsedStep[]): RehearseStepsRequest {
    return {
      shadow,
      prepare: [],
      before: [{ ...wrapped(before), label: 'schema' }],
      steps,
      progress: silentProgress(),
      signal: new AbortController().signal,
    };
  }

  function run(before: string, steps: RehearsedStep[]): Promise<Rehearsal> {
    return rehearseSteps(request(before, steps));
  }

  function step(id: string, forward: string, rollback: string | StepRollback): RehearsedStep {
    const back: StepRollback =
      typeof rollback === 'string' ? { kind: 'sql', script: wrapped(rollback) } : rollback;
    const transaction = /concurrently/.test(forward) ? 'none' : 'wrapped';
    return { id, title: id, path: id, forward: { sql: forward, transaction }, rollback: back };
  }

  const seen = ({ migrations }: Rehearsal): unknown[] =>
    migrations.map(({ version, verdict, down, reUp }) => [version, verdict, down, reUp]);

  for (const [label, names] of [
    ['small', plainNames],
    ['hostile', hostileNames],
  ] as const) {
    it(`proves the rollback of a whole plan up to its point of no return, ${label}`, async () => {
      const rehearsal = await run(tableSql(names), rehearsedSteps(samplePlan(names), '/plan'));
      assert.deepEqual(seen(rehearsal), [
        ['01-add-column', 'exact', 'ok', 'ok'],
        ['02-backfill', 'exact', 'none', 'ok'],
        ['04-add-index', 'exact', 'ok', 'ok'],
        ['05-vacuum', 'exact', 'none', 'ok'],
        ['08-drop-old', 'irreversible', 'none', 'none'],
      ]);
    });
  }

  it('blames the step whose rollback leaves something, not those before it', async () => {
    const rehearsal = await run('create table t (a int)', [
      step('1', 'alter table t add b int', 'alter table t drop b'),
      step('2', 'create table u ()', 'select 1'),
      step('3', 'create index i on t (b)', 'drop index i'),
    ]);
    assert.deepEqual(seen(rehearsal), [
      ['1', 'exact', 'ok', 'ok'],
      ['2', 'differs', 'ok', 'error'],
      ['3', 'exact', 'ok', 'none'],
    ]);
  });

  it('goes on after a rollback that fails', async () => {
    const rehearsal = await run('create table t (a int)', [
      step('1', 'alter table t add b int', 'alter table t drop b'),
      step('2', 'create table u ()', 'drop table nowhere'),
    ]);
    assert.deepEqual(seen(rehearsal), [
      ['1', 'exact', 'ok', 'ok'],
      ['2', 'down-fails', 'error', 'ok'],
    ]);
  });

  it('stops at a forward that fails', async () => {
    const rehearsal = await run('create table t (a int)', [
      step('1', 'alter table t add b int', 'alter table t drop b'),
      step('2', 'alter table nowhere add b int', 'select 1'),
      step('3', 'select 1', 'select 1'),
    ]);
    assert.deepEqual(
      rehearsal.migrations.map(({ version, up }) => [version, up]),
      [
        ['1', 'ok'],
        ['2', 'error'],
      ],
    );
    assert.equal(rehearsal.migrations[1]!.verdict, 'up-fails');
  });

  it('tells on generated rows which step loses what, and leaves none of them behind', async () => {
    const shop =
      'create table u (id int primary key, name text); create table t (a int references u, old text, kept text)';
    const steps = [
      step('1', 'alter table t add b text', 'alter table t drop b'),
      step('2', 'update t set b = old', { kind: 'nothing' }),
      step('3', 'alter table t drop old', 'alter table t add old text'),
      step('4', 'create index concurrently i on t (b)', 'drop index i'),
      step('5', 'do $$ begin if (select count(*) from t) <> 20 then return; end if; end $$', {
        kind: 'no-return',
        why: 'x',
      }),
    ];
    const rehearsal = await run(shop, steps);
    assert.deepEqual(
      rehearsal.migrations.map(({ version, dataLost }) => [version, dataLost]),
      [
        ['1', []],
        ['2', []],
        ['3', [{ object: 'table public.t column old', kind: 'column', rows: 20 }]],
        ['4', []],
        ['5', []],
      ],
    );
    assert.match(rehearsal.migrations[2]!.notes.join('\n'), /20 values of .*old.* not back/);
    const plain = await rehearseSteps({ ...request(shop, steps), rows: false });
    assert.deepEqual(
      plain.migrations.map(({ dataLost }) => dataLost),
      [[], [], [], [], []],
    );
    const verdicts = (of: Rehearsal): unknown[] =>
      of.migrations.map(({ verdict, error }) => [verdict, error]);
    assert.deepEqual(verdicts(rehearsal), verdicts(plain));
  });

  it('says which step fails on rows, forward, back and behind the point of no return', async () => {
    const notes = async (...steps: RehearsedStep[]): Promise<string[]> =>
      (await run('create table t (a int)', steps)).migrations.map((each) => each.notes.join());
    const [, forward] = await notes(
      step('1', 'alter table t add b int', 'alter table t drop b'),
      step('2', 'alter table t alter b set not null', 'alter table t alter b drop not null'),
    );
    assert.match(forward!, /On generated rows the up fails \(public\.t\): .*null values/);
    const [back] = await notes(step('1', 'alter table t drop a', 'alter table t add a int not null'));
    assert.match(back!, /On generated rows the down fails \(public\.t\)/);
    const [first, last] = await notes(step('1', 'alter table t add b int', 'alter table t drop b'), {
      ...step('2', 'alter table t alter b set not null', ''),
      rollback: { kind: 'no-return', why: 'it ends' },
    });
    assert.equal(first, '');
    assert.match(last!, /it ends.*On generated rows the up fails/);
    const [sound] = await notes(step('1', 'alter table nowhere add b int', 'select 1'));
    assert.equal(sound, '', 'it fails without rows, too');
  });

  it('says when the state before cannot be reached', async () => {
    await assert.rejects(run('nonsense', []), { code: 'verification-failed', message: /schema/ });
  });
});

function tableSql(names: SampleNames): string {
  const schema = formatIdentifier(names.table.schema);
  return `create schema if not exists ${schema};
create table ${formatQualifiedName(names.table)} (id int primary key, ${formatIdentifier(names.from)} text not null);
insert into ${formatQualifiedName(names.table)} select n, 'name ' || n from generate_series(1, 50) n;`;
}
