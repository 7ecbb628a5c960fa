import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scanSync } from 'libpg-query';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { TextPositions } from '../../src/sql/positions';
import { splitStatements } from '../../src/sql/split';
import { walkTree } from '../../src/sql/tree';

describe('sql/parser', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const texts = (sql: string): string[] => parser.parse(sql).statements.map((statement) => statement.text);

  it('gives statements with their places and kinds', () => {
    const sql = '-- Grüße 🎉\nselect 1;\n\n  alter table "ö" add a int /* last */ ; -- end';
    const { statements, problems, comments } = parser.parse(sql);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      statements.map(({ index, kind, text, start }) => ({
        index,
        kind,
        text,
        line: start.line,
        column: start.column,
      })),
      [
        { index: 0, kind: 'SelectStmt', text: 'select 1', line: 2, column: 1 },
        { index: 1, kind: 'AlterTableStmt', text: 'alter table "ö" add a int', line: 4, column: 3 },
      ],
    );
    assert.deepEqual(
      comments.map((comment) => comment.text),
      ['-- Grüße 🎉', '/* last */', '-- end'],
    );
    for (const { text, start, end } of [...statements, ...comments])
      assert.equal(sql.slice(start.offset, end.offset), text);
  });

  it('gives places inside trees as UTF-16 offsets, also behind an error', () => {
    for (const before of ['', "-- 🎉é\nselect '🎉';", "selec '🎉'; "]) {
      const sql = `${before}select /* é */ wanted from t`;
      const places: number[] = [];
      walkTree(parser.parse(sql).statements.at(-1)!.node, (kind, fields) => {
        if (kind === 'ColumnRef') places.push(fields['location'] as number);
      });
      assert.deepEqual(places, [sql.indexOf('wanted')], before);
    }
  });

  it('gives nothing for empty and comment-only text', () => {
    for (const sql of [
      '',
      '  \n',
      '-- only',
      '/* a /* nested */ comment */',
      ' ; ;; ',
      '\uFEFF',
      '\uFEFF-- x\n',
    ]) {
      const parsed = parser.parse(sql);
      assert.deepEqual([parsed.statements, parsed.problems], [[], []], JSON.stringify(sql));
    }
  });

  it('reads text with a byte order mark', () => {
    const { statements } = parser.parse('\uFEFFselect 1');
    assert.equal(statements[0]?.start.offset, 1);
  });

  it('does not let one bad statement hide the rest', () => {
    const sql = 'select 1;\nselec é🎉 2;\nselect 3;\ncreate table t (a int;\nselect 4;\n';
    const { statements, problems } = parser.parse(sql);
    assert.deepEqual(texts(sql), ['select 1', 'select 3', 'select 4']);
    assert.deepEqual(
      statements.map((statement) => statement.index),
      [0, 1, 2],
    );
    assert.deepEqual(
      problems.map(({ kind, start }) => [kind, start.line]),
      [
        ['syntax-error', 2],
        ['syntax-error', 4],
      ],
    );
    assert.equal(sql.slice(problems[0]!.start.offset, problems[0]!.end.offset), 'selec');
    assert.match(problems[0]!.message, /syntax error at or near "selec"/);
  });

  it('goes on behind a forgotten closing quote', () => {
    assert.deepEqual(texts("select 'abc;\nselect 2;\nselect 3;"), ['select 2', 'select 3']);
    assert.deepEqual(texts("select 'abc;\nselect 2;\nselect 'x' as b;"), ['select 2', "select 'x' as b"]);
    assert.deepEqual(texts('do $x$ begin end $y$;\nselect 2;'), ['select 2']);
    assert.deepEqual(texts('/* open\nselect 1;\n'), [''].slice(1));
  });

  it('reads around psql commands and placeholders, and notes those that matter', () => {
    const sql =
      "\\set ON_ERROR_STOP on\n\\i more.sql\nselect 1;\nselect * from ${schema}.t;\nselect :'v';\n{{ if x }}select 5;\nselect ${a} ${b} from from;\nselect a[1:2], b::int from t";
    const { problems } = parser.parse(sql);
    assert.deepEqual(texts(sql), [
      'select 1',
      'select * from ${schema}.t',
      "select :'v'",
      'select 5',
      'select a[1:2], b::int from t',
    ]);
    assert.deepEqual(
      problems.map(({ kind, start, end }) => [kind, sql.slice(start.offset, end.offset)]),
      [
        ['not-analysed', '\\i more.sql'],
        ['not-analysed', '{{ if x }}'],
        ['not-analysed', '${a}'],
      ],
    );
  });

  it('skips the rows of COPY FROM STDIN', () => {
    const sql = "create table a (b int);\ncopy a (b) from stdin;\n1\n'2\n\\.\nselect 1;";
    const { statements, problems } = parser.parse(sql);
    assert.deepEqual(
      statements.map((statement) => statement.kind),
      ['CreateStmt', 'CopyStmt', 'SelectStmt'],
    );
    assert.deepEqual(
      problems.map((problem) => problem.kind),
      ['not-analysed'],
    );
  });

  it('refuses a NUL character where it is and reads the rest', () => {
    const { problems } = parser.parse('select 1;\nselect \0 2;\nselect 3');
    assert.deepEqual(texts('select 1;\nselect \0 2;\nselect 3'), ['select 1', 'select 3']);
    assert.deepEqual([problems[0]?.start.line, problems[0]?.start.column], [2, 8]);
  });

  it('survives very deep nesting', () => {
    const { problems } = parser.parse(`select ${'('.repeat(20000)}1${')'.repeat(20000)};\nselect 2;`);
    assert.equal(problems.length, 1);
    assert.deepEqual(texts(`select ${'1||'.repeat(3000)}1`).length, 1);
  });

  it('parses PL/pgSQL', () => {
    const functions = parser.parsePlPgSql('do $$ begin update t set a = 1; end $$');
    assert.match(JSON.stringify(functions), /update t set a = 1/);
    assert.throws(() => parser.parsePlPgSql('do $$ begin if end $$'), { code: 'syntax-error' });
  });

  const fragment = fc.constantFrom(
    'select 1',
    "select 'a;b'",
    "select E'a\\';b'",
    "select E'a'\n'\\';'",
    'select ";" from t',
    'select """;"',
    'do $$ begin; end $$',
    'do $a$ ; $$ ; $a$',
    'select a$b$ from c',
    'create rule r as on insert to t do also (delete from a; delete from b)',
    'create function f() returns int begin atomic select case when true then 1 end; select 2; end',
    'create or replace procedure p() begin atomic delete from a; end',
    'select $1',
    "select U&'\\0061;'",
    'select 1 - -1 /* ; /* \' */ " */',
    '-- ; comment\nselect 2',
    "select '🎉;é'",
    'select "ö;"',
  );

  it('splits as the parser does', () => {
    fc.assert(
      fc.property(fc.array(fragment, { minLength: 1, maxLength: 6 }), (fragments) => {
        const sql = fragments.join(';\n');
        const split = splitStatements(sql).map((piece) => new TextPositions(sql).at(piece.start).offset);
        assert.deepEqual(
          parser.parse(sql).statements.map((statement) => statement.start.offset),
          split,
        );
        assert.deepEqual(parser.parse(sql).problems, []);
      }),
    );
  });

  it('parses piecewise to the same statements as at once', () => {
    fc.assert(
      fc.property(fc.array(fragment, { minLength: 1, maxLength: 6 }), fc.nat(6), (fragments, place) => {
        const whole = parser.parse(fragments.join(';\n')).statements;
        const broken = [...fragments.slice(0, place), 'selec', ...fragments.slice(place)];
        const pieces = parser.parse(broken.join(';\n'));
        assert.deepEqual(
          pieces.statements.map((statement) => statement.text),
          whole.map((statement) => statement.text),
        );
        assert.equal(pieces.problems.length, 1);
      }),
    );
  });

  it('finds the comments the server finds', () => {
    fc.assert(
      fc.property(fc.array(fragment, { minLength: 1, maxLength: 6 }), (fragments) => {
        const sql = fragments.join(' /* between */;\n');
        const expected = scanSync(sql)
          .tokens.filter((token) => /COMMENT/.test(token.tokenName))
          .map((token) => new TextPositions(sql).fromBytes(token.start));
        assert.deepEqual(
          parser.parse(sql).comments.map((comment) => comment.start.offset),
          expected,
        );
      }),
    );
  });

  it('never throws, whatever the text', () => {
    const noise = fc.constantFrom(
      "'",
      '"',
      '$$',
      '$a$',
      '/*',
      '*/',
      '--',
      '\n',
      ';',
      '(',
      ')',
      '\\',
      'E',
      'select',
      '1',
      '🎉',
      '\0',
      '\uD83C',
      '${x}',
      'begin atomic',
      'create function',
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 30 }), (parts) => {
        const sql = parts.join(' ');
        const parsed = parser.parse(sql);
        for (const { start, end } of [...parsed.statements, ...parsed.problems]) {
          assert.ok(0 <= start.offset && start.offset <= end.offset && end.offset <= sql.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
