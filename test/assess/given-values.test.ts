import assert from 'node:assert/strict';
import type { Change } from '../../src/assess/change';
import { SwitchbackError } from '../../src/messages/error';
import { stepsOf } from '../../src/plan/plan';
import type { Assessment } from '../../src/assess/assessment';
import { assessmentOf } from '../plan/assessment';
import { runStep } from '../plan/execute';
import { planned } from '../plan/planned';
import { withSchema } from './with-schema';

const table = { schema: 'public', name: 'given' };
const parted = { schema: 'public', name: 'parted' };

const schema = `
  CREATE TABLE referred (id int PRIMARY KEY);
  INSERT INTO referred VALUES (1);
  CREATE DOMAIN short AS varchar(5);
  CREATE DOMAIN positive AS int CHECK (VALUE > 0);
  CREATE TABLE given (id int PRIMARY KEY, word varchar(5) DEFAULT 'new', brief short, ref int REFERENCES referred,
    amount int DEFAULT 5 CHECK (amount > 0), once int UNIQUE, number bigint, long text, moment timestamptz DEFAULT now());
  INSERT INTO given VALUES (1, 'x', 'y', 1, 1, 1, 1, 'abcdef'), (2, NULL, NULL, NULL, NULL, NULL, NULL, 'abcdef');
  CREATE TABLE parted (id int, word text DEFAULT 'whole') PARTITION BY LIST (id);
  CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
  ALTER TABLE part ALTER word SET DEFAULT 'own';
  CREATE SEQUENCE numbers;
  CREATE SCHEMA "Hidden";
  CREATE FUNCTION "Hidden".doubled(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 2';
  REVOKE EXECUTE ON FUNCTION "Hidden".doubled FROM PUBLIC;
  CREATE TABLE written (id int PRIMARY KEY, amount int);
  ANALYZE;
`;

const filled = (column: string, value: string): Change => ({ kind: 'set-not-null', table, column, value });
const defaulted = (column: string, expression: string, of = table): Change => ({
  kind: 'set-default',
  table: of,
  column,
  expression,
});
const added = (type: string, expression: string): Change => ({
  kind: 'add-column',
  table,
  column: 'fresh',
  type,
  source: { by: 'default', expression },
});
const required = (type: string, expression: string): Change => ({
  kind: 'add-required-column',
  table,
  column: 'fresh',
  type,
  fill: { by: 'expression', expression },
  keepDefault: false,
});

/** Each with why it is refused. */
const refused: [string, Change, RegExp][] = [
  ['a value too long for the rows without one', filled('word', "'toolong'"), /too long/],
  ['a computed value that is too long', filled('word', 'long'), /is in the way, in 1 place/],
  ['a value too long for a domain', filled('brief', "'toolong'"), /too long/],
  ['a value that a CHECK refuses', filled('amount', '0'), /breaks the constraint given_amount_check/],
  ['a value that nothing has to which it refers', filled('ref', '9'), /No row of public\.referred has/],
  ['a constant where each value is there once', filled('once', '7'), /takes each value of once once/],
  ['a computed value that is there already', filled('once', 'id - 1'), /is in the way/],
  ['a default that is too long', defaulted('word', "'toolongvalue'"), /too long/],
  ['a default of a new column that is too long', added('varchar(3)', "'abcdef'"), /too long/],
  ['a default that its domain refuses', added('positive', '0'), /does not give a positive/],
  ['a required value that is too long', required('varchar(3)', 'long'), /too long for varchar\(3\)/],
  [
    'a default that partitions have their own of',
    defaulted('word', "'other'", parted),
    /another one in public\.part/,
  ],
  ['the default it has', defaulted('word', "'new'"), /has the default .* already/],
  ['the default it has in other words', defaulted('amount', '2 + 3'), /has the default 5 already/],
  ['the moment that is the default', defaulted('moment', 'NOW()'), /has the default now\(\) already/],
];

const taken: [string, Change][] = [
  ['a value that differs each time and changes something', filled('number', "nextval('numbers')")],
  ['a value with spaces that are cut', filled('word', "'abcde  '")],
  ['a cast that cuts it', required('varchar(3)', 'long::varchar(3)')],
  ['another default', defaulted('word', "'newer'")],
  ['a default that is new each time', defaulted('number', "nextval('numbers')")],
];

describe('values that rows are given', function () {
  this.timeout(60_000);
  const session = withSchema(schema);

  for (const [what, change, sentence] of refused)
    it(`are refused: ${what}`, () =>
      assert.rejects(
        planned(session(), change),
        (error) => error instanceof SwitchbackError && sentence.test(error.sentence),
      ));

  for (const [what, change] of taken)
    it(`are taken: ${what}`, async () => void (await planned(session(), change)));

  it('are computed with the rights of those who write, whom the refusal names with what they lack', async () => {
    const writer = `"Writer ${process.pid}"`;
    const change: Change = {
      ...(required('int', '"Hidden".doubled(amount)') as Change & { kind: 'add-required-column' }),
      table: { schema: 'public', name: 'written' },
    };
    await session().script(`CREATE ROLE ${writer}`);
    try {
      await planned(session(), change);
      await session().script(`GRANT UPDATE (amount) ON written TO ${writer}`);
      await assert.rejects(planned(session(), change), (error) => {
        const sentence = error instanceof SwitchbackError ? error.sentence : '';
        assert.match(sentence, /GRANT USAGE ON SCHEMA "Hidden" TO "Writer/);
        assert.match(sentence, /GRANT EXECUTE ON FUNCTION "Hidden"\.doubled\(integer\) TO "Writer/);
        return true;
      });
      await session().script(
        `GRANT USAGE ON SCHEMA "Hidden" TO ${writer}; GRANT EXECUTE ON FUNCTION "Hidden".doubled TO ${writer}`,
      );
      await planned(session(), change);
    } finally {
      await session().script(`DROP OWNED BY ${writer}; DROP ROLE ${writer}`);
    }
  });

  it('stop a plan that makes something where the user may create nothing, and no other', async () => {
    const assessed = async (change: Change): Promise<Assessment> => ({
      ...(await assessmentOf(session(), change)),
      mayCreate: false,
    });
    const makes = filled('long', "'x' || id");
    await assert.rejects(
      planned(session(), makes, await assessed(makes)),
      /where the user may not create anything/,
    );
    const indexes: Change = { kind: 'add-unique', table, name: 'longs', columns: ['id', 'long'] };
    await assert.rejects(planned(session(), indexes, await assessed(indexes)), /may not create anything/);
    const alters = defaulted('long', "'x'");
    await planned(session(), alters, await assessed(alters));
  });

  it('come from a sequence as well, remembered once for each row', async () => {
    const { plan } = await planned(session(), filled('number', "nextval('numbers')"));
    for (const step of stepsOf(plan)) await runStep(session(), step);
    const { rows } = await session().query('SELECT number FROM given WHERE id = 2');
    assert.notEqual(rows[0]!['number'], null);
  });
});
