import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import type { GeneratedDown } from '../../src/rehearse/generate-down';
import { isProven } from '../../src/rehearse/rehearsal';
import { cases, schemaBefore } from './cases';
import { DownMaker } from './down-maker';

const folder = path.join(__dirname, 'golden');

/**
 * Each up with the way back that is written for it and what the shadow database says of that. With UPDATE_GOLDEN set the
 * files are written anew: read every change.
 */
describe('generated ways back', function () {
  this.timeout(300_000);
  let maker: DownMaker;

  before(async () => {
    maker = await DownMaker.start(schemaBefore);
  });
  after(() => maker?.close());

  for (const [kind, ups] of Object.entries(cases)) {
    it(`are right for ${kind}`, async () => {
      const texts: string[] = [];
      for (const up of ups) {
        const transaction = /CONCURRENTLY|^CLUSTER/.test(up) ? 'none' : 'wrapped';
        texts.push(textOf(up, await maker.make(up, transaction)));
      }
      const text = `${texts.join('\n\n')}\n`;
      const file = path.join(folder, `${kind.replace(/\W+/g, '-')}.sql`);
      if (process.env['UPDATE_GOLDEN']) {
        await mkdir(folder, { recursive: true });
        await writeFile(file, text);
      }
      assert.equal(text, await readFile(file, 'utf8'));
    });
  }

  it('lead back from any small migration, or say that they are not proven', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 4 }), async (statements) => {
        const down = await maker.make(statements.join(';\n'));
        if (down === null) return;
        if (isProven(down.rehearsal.verdict)) {
          assert.equal(down.rehearsal.error, null);
          assert.ok(down.statements.length > 0 || /nothing to take back/.test(down.notes.join()), 'empty');
        } else assert.equal(down.proven, false);
        const restores = ['exact', 'order-only'].includes(down.rehearsal.verdict);
        assert.ok(restores, `${statements.join('; ')} => ${textOf('', down)}`);
      }),
      { numRuns: 20, seed: 6 },
    );
  });
});

function textOf(up: string, down: GeneratedDown | null): string {
  assert.ok(down, `this up fails: ${up}`);
  const { verdict, error } = down.rehearsal;
  return [
    `-- UP: ${up}`,
    `-- ${down.proven ? '' : 'not proven, '}${verdict}${error === null ? '' : `: ${error}`}`,
    ...down.notes.map((note) => `-- * ${note}`),
    ...down.statements.map((statement) => `${statement};`),
  ].join('\n');
}

const table = fc.constantFrom('app.loose', 'app.orders', 'app.facts', 'app.new_one', '"Odd one"."My table"');
const column = fc.constantFrom('a', 'b', 'c', 'n', 'value', '"My column"', '"Select"');
const type = fc.constantFrom(
  'int',
  'text',
  'varchar(20)',
  'numeric(6,2)',
  'timestamptz',
  'boolean',
  'app.mood',
);
const value = fc.constantFrom('NULL', '1', "'x'", 'true');

/** One statement of a small grammar; many fail, as the table or column is not there, and those say nothing. */
const statement = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(table, column, type).map(([t, c, y]) => `ALTER TABLE ${t} ADD COLUMN ${c} ${y}`),
  },
  fc.tuple(table, column).map(([t, c]) => `ALTER TABLE ${t} DROP COLUMN IF EXISTS ${c}`),
  fc.tuple(table, column, type).map(([t, c, y]) => `ALTER TABLE ${t} ALTER COLUMN ${c} TYPE ${y} USING NULL`),
  fc.tuple(table, column, value).map(([t, c, v]) => `ALTER TABLE ${t} ALTER COLUMN ${c} SET DEFAULT ${v}`),
  fc.tuple(table, column).map(([t, c]) => `ALTER TABLE ${t} RENAME COLUMN ${c} TO renamed`),
  fc.tuple(table, column).map(([t, c]) => `CREATE INDEX ON ${t} (${c})`),
  fc.tuple(table, column).map(([t, c]) => `ALTER TABLE ${t} ADD CONSTRAINT one_more UNIQUE (${c})`),
  fc.tuple(table, column).map(([t, c]) => `ALTER TABLE ${t} ADD CHECK (${c} IS NOT NULL) NOT VALID`),
  fc.tuple(table, table).map(([t, u]) => `CREATE TABLE app.new_one AS SELECT 1 AS a, t.* FROM ${t} t, ${u}`),
  table.map((t) => `DROP TABLE IF EXISTS ${t} CASCADE`),
  table.map((t) => `ALTER TABLE ${t} RENAME TO another`),
  table.map((t) => `COMMENT ON TABLE ${t} IS 'x'`),
  fc.tuple(table, column).map(([t, c]) => `CREATE VIEW app.seen AS SELECT ${c} AS one FROM ${t}`),
);
