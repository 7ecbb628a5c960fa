import assert from 'node:assert/strict';
import type { Change } from '../../src/assess/change';
import type { RenameColumn } from '../../src/assess/changes/rename-column';
import { assessChange } from '../../src/journey/assess';
import { draftPlan } from '../../src/journey/plan';
import { testMajors } from '../support/servers';
import { assertSays, assertSentence, finishPlan, openJourney, type Journey } from './journey';

const schema = `
  create table customers (id bigint generated always as identity primary key, full_name text not null);
  create table empty_one (id bigint generated always as identity primary key, name text not null);
  create table keyless (name text not null);
  insert into keyless select 'name ' || i from generate_series(1, 2000) i;
  create schema "App";
  create table "App"."Bestellungen ""neu""" ("Schlüssel" bigint primary key, "Größe ""alt""" text);
  insert into "App"."Bestellungen ""neu""" select i, 'größe ' || i from generate_series(1, 500) i;
`;

const rename = (name: string, from: string, to: string, of = 'public'): RenameColumn => ({
  kind: 'rename-column',
  table: { schema: of, name },
  from,
  to,
});

for (const major of testMajors) {
  describe(`a change that cannot be meant, or is unusual (PostgreSQL ${major})`, function () {
    this.timeout(120_000);
    let journey: Journey;
    const assess = (change: Change) => assessChange(journey.context, journey.database, change);

    before(async () => {
      journey = await openJourney(major, schema);
    });
    after(() => journey?.close());

    it('a table that does not exist', async () => {
      await assertSays(
        assess(rename('custmers', 'a', 'b')),
        'not-found',
        'public.custmers',
        'Did you mean public.customers?',
      );
    });

    it('a column that does not exist', async () => {
      await assertSays(
        assess(rename('customers', 'nickname', 'b')),
        'not-found',
        'nickname',
        'customers',
        'Choose one of its columns: id, full_name',
      );
    });

    it('a column that has already been renamed', async () => {
      await assertSays(
        assess(rename('customers', 'name', 'full_name')),
        'already-done',
        'public.customers',
        'has already been renamed',
        'There is nothing to do',
      );
    });

    it('a name longer than 63 bytes', async () => {
      const name = 'ä'.repeat(32);
      await assertSays(
        assess(rename('customers', 'full_name', name)),
        'invalid-name',
        name,
        '64 bytes',
        'Choose a shorter one',
      );
      await assess(rename('customers', 'full_name', 'ä'.repeat(31)));
    });

    it('a value that is no SQL, names no column, or a type that does not exist', async () => {
      const add = (type: string, expression: string): Change => ({
        kind: 'add-required-column',
        table: { schema: 'public', name: 'customers' },
        column: 'rank',
        type,
        fill: { by: 'expression', expression },
        keepDefault: false,
      });
      await assertSays(assess(add('integer', '1 +')), 'invalid-input', 'value for rank', '1 +', 'Correct it');
      await assertSays(assess(add('integer', 'age + 1')), 'invalid-input', 'no column age', 'Correct');
      await assertSays(assess(add('nosuch', '1')), 'invalid-input', 'The type nosuch', 'Correct it');
    });

    it('names with quotes, capitals and non-ASCII letters', async () => {
      const planFolder = await journey.scaffold(
        rename('Bestellungen "neu"', 'Größe "alt"', 'Größe "neu"', 'App'),
      );
      const progress = await finishPlan(journey, planFolder);
      assert.equal(progress.state, 'done');
      const { rows } = await journey.look.query<{ rows: string; wrong: string }>(
        `select count(*) as rows, count(*) filter (where "Größe ""neu""" is distinct from 'größe ' || "Schlüssel") as wrong
           from "App"."Bestellungen ""neu"""`,
      );
      assert.deepEqual(rows, [{ rows: '500', wrong: '0' }]);
    });

    it('a table without a primary key', async () => {
      const change = rename('keyless', 'name', 'full_name');
      const reason = (await assess(change)).risk.reasons.find((item) => item.id === 'no-key');
      assertSentence(reason?.sentence ?? '', 'Without a key rows can only be walked by their place');
      assertSentence(reason?.evidence ?? '', 'public.keyless has no primary key');
      assertSentence(reason?.mitigation ?? '', 'The backfill makes closing passes until no row is left');
      const planFolder = await journey.scaffold(change);
      assert.equal((await finishPlan(journey, planFolder)).state, 'done');
      const { rows } = await journey.look.query('select count(distinct full_name) as names from keyless');
      assert.deepEqual(rows, [{ names: '2000' }]);
    });

    it('an empty table', async () => {
      const assessment = await assess(rename('empty_one', 'name', 'full_name'));
      assert.deepEqual(assessment.blockers, []);
      const planFolder = await journey.scaffold(assessment.change);
      assert.equal((await finishPlan(journey, planFolder)).state, 'done');
      await journey.look.query(`insert into empty_one (full_name) values ('first')`);
      await assert.rejects(journey.look.query('insert into empty_one default values'), /full_name/);
    });

    describe('without the privileges it takes', () => {
      before(async () => {
        await journey.look.script(`
          create role clerk_${major} login password '${journey.test.password}';
          create table locked (id bigint primary key, name text not null);
        `);
      });
      after(async () => {
        await journey.look
          .script(`drop owned by clerk_${major}; drop role clerk_${major}`)
          .catch(() => undefined);
      });

      it('a table of somebody else', async () => {
        const clerk = await journey.connect({ user: `clerk_${major}` });
        const assessment = await assessChange(journey.context, clerk, rename('locked', 'name', 'title'));
        assert.equal(assessment.blockers.length, 1, assessment.blockers.join('\n'));
        assertSentence(
          assessment.blockers[0]!,
          `clerk_${major}`,
          'may not alter public.locked',
          'Connect as its owner',
        );
        await assertSays(draftPlan(journey.context, assessment), 'invalid-input', 'Connect as its owner');
        await clerk.close();
      });

      it('a catalog that may not be read', async () => {
        await journey.look.query('revoke select on pg_catalog.pg_stat_activity from public');
        const clerk = await journey.connect({ user: `clerk_${major}` });
        await assertSays(
          assessChange(journey.context, clerk, rename('locked', 'name', 'title')),
          'no-privilege',
          'pg_stat_activity',
          'Ask for the privilege',
        );
        await clerk.close();
      });
    });
  });
}
