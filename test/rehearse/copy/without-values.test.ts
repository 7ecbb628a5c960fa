import assert from 'node:assert/strict';
import { isSwitchbackError } from '../../../src/messages/error';
import { withoutValues } from '../../../src/rehearse/copy/without-values';
import type { Session } from '../../../src/database/session';
import { beforeInDatabase } from '../../support/before-in-database';

const value = 'someone@example.com';

/** Statements whose errors quote a value, by what is left of the message. */
const quoting: readonly [sql: string, left: RegExp][] = [
  [`select '${value}'::int`, /^invalid input syntax for type integer: "…"$/],
  [`select e::bigint from (values ('it''s "${value}"')) v(e)`, /^invalid input syntax for type bigint: "…"/],
  [
    `insert into people values (1, '${value}'), (2, '${value}')`,
    /^duplicate key value violates unique constraint "people_mail_key"$/,
  ],
  [
    `insert into people values (1, '${value} and much more')`,
    /^value too long for type character varying\(20\)$/,
  ],
  [`insert into people values (null, '${value}')`, /^null value in column "id"/],
  [`insert into people values (-1, '${value}')`, /violates check constraint "people_id_check"$/],
  [`do $$ begin raise exception 'it is ${value}'; end $$`, /^code of its own raised an error/],
  [
    `select '2024-13-45 ${value}'::date`,
    /^invalid input syntax for type date: "…"|date\/time field value out of range: "…"/,
  ],
  [`select to_date('${value}', 'YYYY')`, /^invalid value "…"$/],
  [`select '{"a": ${value}}'::json`, /^invalid input syntax for type json$/],
  [`do $$ begin execute 'select "${value}"'; end $$`, /^column "…" does not exist$/],
  ['select 123456789012::int', /^integer out of range$/],
  [`select '123456789012'::int`, /^value "…" is out of range for type integer$/],
];

describe('errors of a database with rows of somebody’s', () => {
  let session: Session;
  beforeInDatabase(18, (opened) => (session = opened));
  before(() =>
    session.script('create table people (id int not null check (id > 0), mail varchar(20) unique)'),
  );

  for (const [sql, left] of quoting)
    it(`do not quote them: ${left.source}`, async () => {
      const error = await session.script(sql).then(
        () => assert.fail('it succeeded'),
        (reason: unknown) => withoutValues(reason),
      );
      assert.ok(isSwitchbackError(error));
      assert.match(String(error.details.message), left);
      const told = JSON.stringify([
        error.sentence,
        error.message,
        error.details,
        String(error.cause),
        error.stack,
      ]);
      assert.ok(!told.includes(value) && !told.includes('123456789012'), told);
    });

  it('name what is wrong with the statement itself', async () => {
    const error = await session.script('select nobody from people').catch(withoutValues);
    assert.ok(isSwitchbackError(error, 'not-found'));
    assert.match(error.sentence, /column "nobody" does not exist/);
  });
});
