import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import { isSwitchbackError } from '../../src/messages/error';
import { assessmentOf } from '../plan/assessment';
import { withDatabase } from '../plan/database';
import { planned } from '../plan/planned';
import type { Assessment } from '../../src/assess/assessment';
import { changeColumnType, type ChangeColumnType } from '../../src/assess/changes/change-column-type';
import { testMajors } from '../support/servers';

const newest = testMajors.at(-1)!;

const schema = `
  CREATE TYPE mood AS ENUM ('1', ' 2', 'three');
  CREATE DOMAIN plain_number AS int;
  CREATE TABLE t (id int PRIMARY KEY, small varchar(10), words text, moment timestamp, digits numeric(6,2), ref int DEFAULT 3,
    feeling mood, feelings mood[], numbers int[], moments timestamptz[], times tstzrange, spans int4range);
  INSERT INTO t VALUES (1, 'a', '1', '2026-01-01', 1.5), (2, 'b', ' 2', '2026-07-01', 2), (3, NULL, 'three', NULL, NULL);
  CREATE VIEW seen AS SELECT ref FROM t;
`;

function changing(
  column: string,
  type: string,
  using: string | null = null,
  back: string | null = null,
): ChangeColumnType {
  return { kind: 'change-column-type', table: { schema: 'public', name: 't' }, column, type, using, back };
}

describe('what the server says of another type', function () {
  this.timeout(60_000);

  async function assessed(
    change: ChangeColumnType,
    work: (assessment: Assessment, session: Session) => void | Promise<void>,
  ): Promise<void> {
    await withDatabase(newest, async (session) => {
      await session.script(schema);
      await work(await assessmentOf(session, change), session);
    });
  }

  for (const { column, type, inPlace, spelled } of [
    { column: 'small', type: 'varchar(20)', inPlace: true, spelled: 'character varying(20)' },
    { column: 'small', type: 'text', inPlace: true, spelled: 'text' },
    { column: 'digits', type: 'decimal(8,2)', inPlace: true, spelled: 'numeric(8,2)' },
    { column: 'digits', type: 'numeric(8,3)', inPlace: false, spelled: 'numeric(8,3)' },
    { column: 'ref', type: 'int8', inPlace: false, spelled: 'bigint' },
  ]) {
    it(`is whether the rows stay as they are: ${column} to ${type}`, () =>
      assessed(changing(column, type), ({ typeChange, blockers }) => {
        assert.deepEqual(blockers, []);
        assert.equal(typeChange?.inPlace, inPlace);
        assert.equal(typeChange?.type, spelled);
        assert.equal(typeChange?.lossyRows, 0);
      }));
  }

  it('is nothing where the type is the same; values get another form by another recipe', () =>
    assessed(changing('small', 'text'), ({ table }) => {
      const check = (using: string | null) => () =>
        changeColumnType.check(changing('words', 'text', using), table);
      assert.throws(check(null), /of the type text already\. There is nothing to do/);
      assert.throws(check('trim(words)'), /To give its values another form, use .* \(backfill-column\)/);
    }));

  it('is that a value has none of the new type', () =>
    assessed(changing('words', 'int'), ({ blockers }) => {
      assert.match(blockers.join(), /no value of the new type: .*"three"/);
    }));

  it('is that a cast depends on the time zone', () =>
    assessed(changing('moment', 'timestamptz'), ({ blockers }) => {
      assert.match(blockers.join(), /depends on the session.*AT TIME ZONE/);
    }));

  for (const [column, type] of [
    ['feeling', 'text'],
    ['words', 'mood'],
    ['numbers', 'bigint[]'],
    ['numbers', 'text'],
    ['ref', 'plain_number'],
    ['feelings', 'text[]'],
    ['spans', 'text'],
  ] as const)
    it(`is that a cast depends on nothing: ${column} to ${type}`, () =>
      assessed(changing(column, type), ({ blockers }) => assert.doesNotMatch(blockers.join(), /session/)));

  for (const [column, type] of [
    ['digits', 'money'],
    ['moment', 'text'],
    ['moments', 'text'],
    ['times', 'text'],
  ] as const)
    it(`is that a cast depends on settings, and not on the time zone alone: ${column} to ${type}`, () =>
      assessed(changing(column, type), ({ blockers }) => {
        assert.match(blockers.join(), /depends on settings of the session/);
        assert.doesNotMatch(blockers.join(), /AT TIME ZONE/);
      }));

  it('is how many rows do not come back the same', () =>
    assessed(
      changing('words', 'int', "nullif(regexp_replace(words, '\\D', '', 'g'), '')::int"),
      ({ typeChange }) => {
        assert.equal(typeChange?.lossyRows, 2);
      },
    ));

  it('is that the way back fails, and what to say', () =>
    assert.rejects(
      assessed(changing('words', 'boolean', "words = '1'", 'words + 1'), () => undefined),
      (error) => isSwitchbackError(error, 'invalid-input') && /--back/.test(error.sentence),
    ));

  it('is what holds the column with its type', () =>
    assessed(changing('ref', 'int8'), async (assessment, session) => {
      await assert.rejects(planned(session, assessment.change, assessment), /views hold ref .*public\.seen/);
    }));
});
