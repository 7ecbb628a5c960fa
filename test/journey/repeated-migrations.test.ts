import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { applyMigration, markMigration } from '../../src/journey/apply-file';
import { applyUpTo, rollBackTo } from '../../src/journey/apply-several';
import { lintFiles } from '../../src/journey/lint';
import { readStatus } from '../../src/journey/migrations';
import { rehearseMigrations } from '../../src/journey/rehearse';
import type { JourneyContext } from '../../src/journey/workspace';
import { openJourney, type Journey } from './journey';

const flywayFiles = {
  'db/migration/V1__a.sql': 'create table a (id int primary key);\n',
  'db/migration/U1__a.sql': 'drop table a;\n',
  'db/migration/V2__b.sql': 'create table b (id int primary key);\n',
  'db/migration/U2__b.sql': 'drop table b;\n',
  'db/migration/R__of_a.sql': 'create or replace view of_a as select id from a;\n',
};

describe('migrations that run again, and baselines', function () {
  this.timeout(120_000);
  let journey: Journey;
  let context: JourneyContext;
  afterEach(() => journey.close());

  const open = async (files: Record<string, string>): Promise<void> => {
    journey = await openJourney(18, '', files);
    context = {
      ...journey.context,
      prompt: { confirm: async () => true, typeToConfirm: async () => true },
    };
  };
  const at = (name: string): string => path.join(journey.root, ...name.split('/'));
  const status = async (): Promise<string[]> => {
    const [folder] = await readStatus(context, journey.database.session);
    assert.deepEqual([folder!.problems, folder!.clashes], [[], []]);
    return folder!.statuses.map(({ version, state, flags }) => [version, state, ...flags].join(' '));
  };
  const versions = (outcomes: readonly { version: string }[] | null): string[] =>
    (outcomes ?? []).map(({ version }) => version);

  it('a repeatable one of Flyway runs last, and again once its text has changed', async () => {
    await open(flywayFiles);
    const view = at('db/migration/R__of_a.sql');
    const done = await applyUpTo(context, journey.database, view);
    assert.deepEqual(versions(done), ['1', '2', 'R__of_a']);
    assert.deepEqual(await status(), ['1 applied', '2 applied', 'R__of_a applied']);
    await assert.rejects(applyMigration(context, journey.database, view), { code: 'already-done' });
    await writeFile(view, 'create or replace view of_a as select id, 1 as n from a;\n');
    assert.deepEqual((await status())[2], 'R__of_a pending runs-again');
    const linted = await lintFiles(context, [view], { database: journey.database });
    assert.deepEqual(
      linted.files.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error')),
      [],
    );
    await applyMigration(context, journey.database, view);
    assert.deepEqual((await status())[2], 'R__of_a applied');
    const { rows } = await journey.look.query<{ n: number }>(
      'select count(*)::int as n from flyway_schema_history where version is null',
    );
    assert.equal(rows[0]!.n, 2);
    // It is not in the way of what goes back.
    assert.deepEqual(versions(await rollBackTo(context, journey.database, at('db/migration/V1__a.sql'))), [
      '2',
    ]);
    await assert.rejects(rollBackTo(context, journey.database, at('db/migration/V1__a.sql')), {
      code: 'already-done',
    });
    await markMigration(context, journey.database, view, 'not-applied');
    assert.deepEqual(await status(), ['1 applied', '2 pending', 'R__of_a pending']);
  });

  it('a baseline of Flyway runs in place of the versions up to its own, or not at all', async () => {
    const baseline = 'create table a (id int primary key); create table b (id int primary key);\n';
    await open({
      ...flywayFiles,
      'db/migration/B2__all.sql': baseline,
      'db/migration/V3__c.sql': 'alter table b add c int;\n',
    });
    const whole = (await rehearseMigrations(context)).migrations;
    assert.deepEqual(
      whole.map(({ version, up }) => `${version} ${up}`),
      ['1 ok', '2 ok', '3 ok', 'R__of_a ok'],
    );
    const files = [at('db/migration/B2__all.sql'), at('db/migration/V3__c.sql')];
    const part = (await rehearseMigrations(context, { files })).migrations;
    assert.deepEqual(
      part.map(({ version, up }) => `${version} ${up}`),
      ['B2 ok', '3 ok'],
    );
    const { files: linted } = await lintFiles(context, files);
    assert.deepEqual(
      linted.map(({ findings }) => findings.map(({ rule }) => rule).filter((rule) => rule === 'no-down')),
      [[], ['no-down']],
    );
    const done = await applyUpTo(context, journey.database, at('db/migration/V3__c.sql'));
    assert.deepEqual(versions(done), ['B2', '3']);
    assert.deepEqual(await status(), [
      ...['1 applied', '2 applied', 'B2 applied', '3 applied no-down', 'R__of_a pending'],
    ]);
    await journey.look.script('drop table a, b; delete from flyway_schema_history');
    await applyMigration(context, journey.database, at('db/migration/V1__a.sql'));
    assert.equal((await status())[2], 'B2 skipped');
    await assert.rejects(applyMigration(context, journey.database, files[0]!), { code: 'invalid-input' });
  });
});
