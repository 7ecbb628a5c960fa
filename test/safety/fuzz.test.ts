import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lintScript } from '../../src/safety/lint';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { fuzzedScripts } from './fuzz-scripts';
import { wrappedUp } from './wrapped-up';

/** bench/fuzz.ts does the same with 10,000 scripts, and measures how long each takes. */
describe('scripts generated and damaged', function () {
  this.timeout(120_000);
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  it('lints generated and damaged scripts without a crash, with every place inside the text', () => {
    fc.assert(
      fc.property(fuzzedScripts(), fc.constantFrom(12, 18), (sql, serverMajor) => {
        const { findings, statements } = lintScript(parser, wrappedUp(sql, { serverMajor }));
        for (const { start, end } of [...findings, ...statements])
          assert.ok(0 <= start.offset && start.offset <= end.offset && end.offset <= sql.length);
        for (const { statement } of findings) assert.ok(statement === null || statement < statements.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('goes on with the statements behind one it cannot read', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'selec 1',
          'drop tabel x',
          'alter table t add',
          'select 1 )',
          '${a} ${b} ${c}',
          '\\what 1\n',
        ),
        (broken) => {
          const parsed = parser.parse(`drop table a;\n${broken};\ndrop table b;`);
          assert.deepEqual(
            parsed.statements.map((statement) => statement.text),
            ['drop table a', 'drop table b'],
          );
          assert.equal(parsed.problems.length, 1);
        },
      ),
    );
  });

  it('comes back after a text too deep for the parser', () => {
    for (const deep of ['(', 'case when ', '(select ', 'not ', '- ', 'coalesce(', '[', "'a' || "]) {
      for (const times of [2_000, 100_000]) {
        const { problems } = parser.parse(`select ${deep.repeat(times)}1`);
        assert.ok(problems.length <= 1, deep);
        assert.equal(parser.parse('select 1; drop table t').statements.length, 2, deep);
      }
    }
    const nested = `do $$ begin ${'if true then '.repeat(5_000)} drop table t; ${'end if; '.repeat(5_000)} end $$`;
    assert.ok((parser.parse(nested).statements[0]?.body?.problems.length ?? 0) > 0);
    assert.equal(parser.parse('do $$ begin drop table t; end $$').statements[0]?.body?.parts.length, 1);
  });
});
