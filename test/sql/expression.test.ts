import assert from 'node:assert/strict';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { parseExpression } from '../../src/sql/expression';

describe('sql/expression', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  it('names the columns and functions of an expression', () => {
    assert.deepEqual(
      parseExpression(parser, `coalesce(lower(name), o."Größe", pg_catalog.now()::text) || name`),
      {
        columns: ['name', 'Größe'],
        functions: [
          { schema: null, name: 'lower' },
          { schema: 'pg_catalog', name: 'now' },
        ],
        subquery: false,
        problems: [],
      },
    );
    assert.equal(parseExpression(parser, '(select max(x) from b)').subquery, true);
    for (const text of [
      "'a'",
      '1',
      'null',
      'current_date',
      "case when a then 'x' else b end",
      'a is distinct from b',
      'a[1:2]',
    ]) {
      assert.deepEqual(parseExpression(parser, text).problems, [], text);
    }
  });

  it('refuses everything that is not exactly one expression', () => {
    for (const text of [
      '',
      '  ',
      '1; drop table t',
      '1;',
      '1, 2',
      '1) + (2',
      '1) from t; drop table t; select (1',
      '1 from t',
      'a b',
      'a as b',
      'select 1',
      '1 -- and more',
      '1 /* and more */',
      '*',
      't.*',
      'default',
      '$1',
      '1 where true',
      '1 union select 2',
      "'open",
      '1 \0',
      '1 limit 1',
      'distinct a',
      '',
    ]) {
      assert.ok(parseExpression(parser, text).problems.length > 0, JSON.stringify(text));
    }
  });

  it('points at the place in the text it was given', () => {
    const [problem] = parseExpression(parser, "'é🎉' ++ selec )").problems;
    assert.equal(problem?.start.offset, "'é🎉' ++ selec ".length);
  });
});
