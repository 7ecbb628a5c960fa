import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import { refineWithCatalog } from '../../src/safety/forecast/refine-with-catalog';
import { describeForecast } from '../../src/safety/forecast/describe-forecast';
import type { KnownRelation, KnownSchema } from '../../src/safety/known-schema';
import { readKnownSchema } from '../../src/safety/read-known-schema';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';
import {
  compareLocks,
  forecastOne,
  readTruth,
  resultOf,
  schemaAfter,
  score,
  shareRight,
  truthIsPresent,
} from './lock-truth';

const script = `
  create table parents (id int primary key, code varchar(10) collate "C" unique, amount numeric(10,2) not null default 0);
  create table "Odd ""Name" (id bigint generated always as identity primary key, parent_id int references parents(id), tags text[],
    made timestamptz(3) default now(), check (parent_id is not null), constraint late check (id > 0) not valid);
  create index "Odd idx" on "Odd ""Name" (parent_id, lower(tags[1]));
  create index parents_down on parents (amount desc, code);
  create index parents_hash on parents using hash (code);
  create domain positive as int check (value > 0);
  create domain plain as int;
  create table with_domains (a positive, b plain, c int generated always as (1 + 1) stored);
  create table days (day int, note text) partition by range (day);
  create table days_1 partition of days for values from (0) to (10);
  create table days_rest partition of days default;
  create unlogged table notes (n interval second(2));
  create view seen as select id from parents;
  create materialized view kept as select id from seen;
  create function quick() returns int language sql immutable as 'select 1';
  create function slow() returns int language sql as 'select 1';
`;

describe('safety/read-known-schema', function () {
  this.timeout(60_000);
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  for (const major of testMajors) {
    describe(`on PostgreSQL ${major}`, () => {
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));

      it('reads what folding the same statements gives', async () => {
        await session.script(script);
        const read = await readKnownSchema(session, parser, { relations: null });
        const folded = schemaAfter(parser, script);
        assert.deepEqual([...comparable(read).relations], [...comparable(folded).relations]);
        assert.deepEqual(new Map([...read.types].sort()), new Map([...folded.types].sort()));
        assert.deepEqual(new Map([...read.functions].sort()), new Map([...folded.functions].sort()));
      });

      it('reads only what hangs together with the relations named', async () => {
        const read = await readKnownSchema(session, parser, {
          relations: [
            { schema: 'public', name: 'Odd "Name' },
            { schema: 'public', name: 'days_1' },
          ],
        });
        assert.deepEqual([...read.relations.keys()].sort(), [
          'public."Odd ""Name"',
          'public."Odd ""Name_id_seq"',
          'public.days',
          'public.days_1',
          'public.days_rest',
          'public.parents',
        ]);
        const byIndex = await readKnownSchema(session, parser, {
          relations: [{ schema: 'public', name: 'Odd idx' }],
        });
        assert.ok(byIndex.relations.has('public."Odd ""Name"'));
      });

      it('gives sizes, from which follows how long a lock is held', async () => {
        await session.script(
          'insert into parents select g, g::text, 1 from generate_series(1, 20000) g; analyze parents',
        );
        const read = await readKnownSchema(session, parser, {
          relations: [{ schema: 'public', name: 'parents' }],
        });
        const parents = read.relations.get('public.parents')!;
        assert.equal(parents.rows, 20000);
        assert.ok(parents.bytes! > 500_000);
        const forecast = forecastOne(parser, 'alter table parents alter column id type bigint', read, major);
        const refined = refineWithCatalog(forecast, read);
        assert.equal(refined.depth, 'catalog');
        assert.ok(
          refined.holdMilliseconds!.low > 0 && refined.holdMilliseconds!.high > refined.holdMilliseconds!.low,
        );
        assert.match(
          describeForecast(refined, parents.rows),
          /^ACCESS EXCLUSIVE on "Odd ""Name", parents · rewrite · about \d+ ms at 20,000 rows$/,
        );
      });

      it('judges every measured statement right at catalog depth', async function () {
        if (!truthIsPresent()) {
          console.log('      the measured locks are not beside the repository: nothing was compared');
          return;
        }
        const { statements, fixture } = readTruth();
        await session.script('drop schema public cascade; create schema public');
        await session.script(fixture);
        const known = await readKnownSchema(session, parser, { relations: null });
        const forecast = (truth: (typeof statements)[number]) => {
          return forecastOne(parser, [...(truth.setup ?? []), truth.sql].join(';\n'), known, major);
        };
        const applicable = statements.filter(
          (truth) => !resultOf(truth, major)?.error || truth.id === 'detach_part_conc_with_default',
        );
        const result = score(applicable, forecast);
        console.log(
          `      catalog: ${result.found} of ${result.dangerous} found, ${result.falseAlarms} of ${result.harmless} false alarms`,
        );
        assert.deepEqual([result.missed, result.alarmed], [[], []]);
        const agreement = compareLocks(applicable, major, forecast);
        console.log(
          `      strongest locks right at catalog depth, indexes too: ${agreement.right}, wrong: ${agreement.wrong.join('; ') || '-'}`,
        );
        assert.ok(agreement.right > 230);
        assert.ok(shareRight(agreement) >= 0.98);
      });
    });
  }

  /** Leaves out what only one of the two can know, and what has no order. */
  function comparable(schema: KnownSchema): KnownSchema {
    const plain = (relation: KnownRelation): KnownRelation => ({
      ...relation,
      // A text does not say who runs it.
      owner: undefined,
      rows: null,
      bytes: null,
      columns:
        relation.kind === 'view' || relation.kind === 'matview' || relation.kind === 'sequence'
          ? []
          : relation.columns,
      constraints: relation.constraints
        .filter((constraint) => constraint.kind !== 'not-null')
        .map((constraint) => ({ ...constraint, conjuncts: [], columns: [...constraint.columns].sort() }))
        .map((constraint) => (constraint.kind === 'check' ? { ...constraint, columns: [] } : constraint))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      indexes: [...relation.indexes].sort((a, b) => (a.name < b.name ? -1 : 1)),
    });
    const relations = [...schema.relations].filter(([, relation]) => relation.kind !== 'sequence');
    return {
      ...schema,
      relations: new Map(
        relations.map(([key, relation]): [string, KnownRelation] => [key, plain(relation)]).sort(),
      ),
    };
  }
});
