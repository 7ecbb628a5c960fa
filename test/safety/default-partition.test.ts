import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';
import { forecastOne, schemaAfter } from './lock-truth';
import { measure, relationsThere } from './measure';

/** New partitions of each kind, with values that belong to the default one beside them. */
const ranges: Record<string, string> = {
  "values from ('10') to ('20')": '{0,9,30,null}',
  'values from (minvalue) to (10)': '{15,20,30,null}',
  'values from (20) to (maxvalue)': '{0,9,10,15,null}',
};
const rangeChecks = [
  'k < 10',
  'k <= 9',
  'k <= 10',
  'k >= 20',
  'k > 20',
  'k > 19',
  '20 <= k',
  'k = 9',
  'k = 10',
  'k <> 15',
  'k is null',
  'k is not null',
  'k < 10 or k >= 20',
  'k < 10 or k >= 20 or k is null',
  'k < 10 or k > 5',
  'not (k >= 10 and k < 20)',
  'not (k is not null and k >= 10 and k < 20)',
  'not (k >= 10 or k < 5)',
  'not k >= 10',
  'k < 10 and other > 0',
  'k < 10 or other > 0',
];
const lists: Record<string, string> = {
  'values in (1)': '{2,3,9,null}',
  'values in (1, 2)': '{3,9,null}',
  'values in (1, null)': '{2,3,9}',
};
const listChecks = [
  'k <> 1',
  'k not in (1, 2)',
  'k not in (1, 2, 3)',
  'k in (3, 4)',
  'not (k in (1, 2))',
  'not (k is not null and k in (1, 2))',
  'k is null',
  'k is not null',
  'k <> 1 and k <> 2',
  'k <> 1 and k is not null',
  'k not in (1, 2) and k is not null',
];

describe('safety/forecast: the default partition beside a new one', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  for (const major of testMajors) {
    describe(`on PostgreSQL ${major}`, function () {
      this.timeout(60_000);
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));

      for (const [by, bounds, checks] of [
        ['range', ranges, rangeChecks],
        ['list', lists, listChecks],
      ] as const) {
        it(`is read unless a validated CHECK leaves the new values out, by ${by}`, async () => {
          let spared = 0;
          for (const check of checks) {
            const before = `
              create table events (k int, other int) partition by ${by} (k);
              create table rest partition of events default;
              alter table rest add constraint leaves_out check (${check});`;
            await session.script('drop schema public cascade; create schema public');
            await session.script(before);
            const there = await relationsThere(session);
            for (const [bound, rows] of Object.entries(bounds)) {
              await session.script(
                `truncate rest; insert into rest select k, 1 from unnest('${rows}'::int[]) k, (select 1 as other) o where (${check}) is not false`,
              );
              const { rows: counted } = await session.query('select count(*)::int as n from rest');
              const sql = `create table part partition of events for ${bound}`;
              const { works } = forecastOne(parser, sql, schemaAfter(parser, before), major);
              if (works.some((work) => work.kind === 'scan') || Number(counted[0]?.['n']) === 0) continue;
              const { scans } = await measure(session, sql, there, true);
              assert.deepEqual(scans, [], `${check} beside ${bound}`);
              spared += 1;
            }
          }
          assert.ok(spared >= 8, String(spared));
        });
      }
    });
  }
});
