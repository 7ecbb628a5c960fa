import assert from 'node:assert/strict';
import { loadParser, type SqlParser } from '../../src/sql/parser';

describe('scripts for psql', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const texts = (sql: string): string[] => parser.parse(sql).statements.map((statement) => statement.text);
  const notes = (sql: string): [string, string][] =>
    parser
      .parse(sql)
      .problems.map(({ start, end, message }) => [sql.slice(start.offset, end.offset), message]);
  const names = (sql: string): string[] => {
    const found: string[] = [];
    for (const { node } of parser.parse(sql).statements) {
      for (const match of JSON.stringify(node).matchAll(
        /"(?:schemaname|relname|colname|sval)":"((?:[^"\\]|\\.)*)"/g,
      ))
        found.push(match[1]!);
    }
    return found;
  };

  it('have their variables put in', () => {
    assert.deepEqual(names('\\set s app\nalter table :s.users add a int;'), [
      'app',
      'users',
      'a',
      'pg_catalog',
      'int4',
    ]);
    assert.deepEqual(
      names('\\set n \'odd "name\'\ndrop view :"n"; select * from :"n"').at(-1),
      'odd \\"name',
    );
    assert.ok(names("\\set v 'it''s'\nselect :'v' from t;").includes("it's"));
    assert.deepEqual(names('\\set a x\n\\set b :a _y\ntable :b;'), ['x_y']);
    assert.deepEqual(names('\\set t app.users\n\\unset t\ntable :t;'), [':t']);
    const { statements } = parser.parse('\\set t a_much_longer_name\ndrop table :t; select 1');
    assert.deepEqual(
      statements.map((statement) => [statement.text, statement.start.column, statement.placeholders]),
      [
        ['drop table :t', 1, undefined],
        ['select 1', 16, undefined],
      ],
    );
    assert.deepEqual(parser.parse('table :t').statements[0]?.placeholders, [':t']);
  });

  it('have their statements ended by \\g and its kin, and not by other commands', () => {
    const sql =
      "select 1 \\gset\nselect 'drop table x' \\gexec\ncreate table t (\n\\echo half\na int);\nselect 2 \\g\nselect 3;";
    assert.deepEqual(texts(sql), [
      'select 1',
      "select 'drop table x'",
      'create table t (\n\\echo half\na int)',
      'select 2',
      'select 3',
    ]);
    assert.deepEqual(
      notes(sql).map(([command]) => command),
      ['\\gexec'],
    );
    assert.deepEqual(texts('drop tabel a\n\\echo x\nselect 1;'), ['select 1']);
  });

  it('say what was not looked at: other files, rows, connections, conditions', () => {
    const sql = `\\i parts/tables.sql
\\ir more.sql
\\copy app.t (a, b) from 'rows.csv' csv
\\copy (select 1) to stdout
\\if :fresh
drop table a;
\\else
drop table b;
\\endif
\\connect other
drop table c;`;
    assert.deepEqual(texts(sql), ['drop table a', 'drop table b', 'drop table c']);
    const said = new Map(notes(sql));
    assert.match(said.get('\\i parts/tables.sql')!, /parts\/tables\.sql/);
    assert.match(said.get('\\ir more.sql')!, /more\.sql/);
    assert.match(said.get("\\copy app.t (a, b) from 'rows.csv' csv")!, /app\.t: ROW EXCLUSIVE/);
    assert.match(said.get('\\copy (select 1) to stdout')!, /ACCESS SHARE/);
    assert.match(said.get('\\if :fresh')!, /All parts were analysed/);
    assert.match(said.get('\\connect other')!, /runs there/);
    assert.equal(said.size, 6);
  });

  it('keep quiet about commands that change nothing, and speak of those nobody knows', () => {
    const quiet =
      "\\set ON_ERROR_STOP on\n\\timing\n\\echo it's on\n\\pset pager off\n\\x\n\\encoding UTF8\n\\warn done\n\\unset v\n\\dt app.*\nselect 1;\n";
    assert.deepEqual([texts(quiet), notes(quiet)], [['select 1'], []]);
    assert.deepEqual(
      notes('\\frobnicate\nselect 1;').map(([command]) => command),
      ['\\frobnicate'],
    );
  });

  it('end at \\q, unless it stands under a condition', () => {
    assert.deepEqual(texts('select 1;\n\\q\nselect 2;'), ['select 1']);
    assert.deepEqual(
      notes('select 1;\n\\q\nselec;').map(([command]) => command),
      ['\\q'],
    );
    assert.deepEqual(texts('\\if :done\n\\q\n\\endif\nselect 2;'), ['select 2']);
  });
});
