import assert from 'node:assert/strict';
import { isCommittingBlock } from '../../src/sql/committing-block';
import { loadParser, type SqlParser } from '../../src/sql/parser';

describe('a DO block that commits', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const says = (sql: string): boolean => {
    const { statements, problems } = parser.parse(sql);
    assert.deepEqual(problems, []);
    return isCommittingBlock(statements[0]!);
  };

  for (const body of [
    'begin commit; end',
    'begin\n  perform 1;\n  COMMIT ;\nend',
    'begin loop rollback; exit; end loop; end',
    'begin if true then commit and chain; end if; end',
    'begin if false then null; else /* now */ rollback and no chain; end if; end',
    'begin perform 1; -- a word\n commit; end',
  ]) {
    it(`is seen: ${JSON.stringify(body)}`, () => assert.equal(says(`do $x$ ${body} $x$`), true));
  }

  for (const body of [
    'begin perform 1; end',
    `begin raise notice '; commit; '; end`,
    'begin -- commit;\n null; /* ; rollback; */ end',
    'begin perform "commit" from "; rollback;"; end',
    'declare commit int; begin commit := 1; end',
    `begin execute $y$ ; commit; $y$; end`,
  ]) {
    it(`is not seen: ${JSON.stringify(body)}`, () => assert.equal(says(`do $x$ ${body} $x$`), false));
  }

  it('is no other statement', () => {
    for (const sql of [
      'commit',
      'select 1',
      `create function f() returns void language plpgsql as 'begin commit; end'`,
    ]) {
      assert.equal(says(sql), false);
    }
  });
});
