import assert from 'node:assert/strict';
import { lintScript, type LintedScript } from '../../src/safety/lint';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { placeholdersIn } from '../../src/sql/placeholder';
import { wrappedUp } from './wrapped-up';

describe('placeholders of migration tools', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const lint = (sql: string): LintedScript => lintScript(parser, wrappedUp(sql));
  const locks = (sql: string): string[] =>
    lint(sql).statements.flatMap((forecast) => forecast.locks.map((lock) => `${lock.relation} ${lock.mode}`));

  it('are found outside quotes and comments only', () => {
    const sql =
      `select '\${a}', "\${b}" -- \${c}\n/* {{ d }} */ from \${e}.{{ index .Options "Na'me" }} where x = :f::int and y = %(g)s` +
      ` and z[1:2] = $$ \${h} $$ and :'i' = :"j" <%= k %> {% l %} {{ if .M }}`;
    assert.deepEqual(
      placeholdersIn(sql).map(({ text, kind }) => [text, kind]),
      [
        ['${e}', 'value'],
        ['{{ index .Options "Na\'me" }}', 'value'],
        [':f', 'psql'],
        ['%(g)s', 'value'],
        [":'i'", 'psql'],
        [':"j"', 'psql'],
        ['<%= k %>', 'value'],
        ['{% l %}', 'control'],
        ['{{ if .M }}', 'control'],
      ],
    );
  });

  it('stand for what the statement needs there: names, numbers, strings, nothing', () => {
    for (const sql of [
      'alter table ${schema}.orders add column note text',
      'alter table ${prefix}_orders${suffix} add column note text',
      'create table t (a varchar({{ .Length }}))',
      'alter table t alter a set default ${NUMBER:-3}',
      'create index idx_${t}_a on ${t} (a) ${where}',
      'update t set a = %(value)s where id = %(id)s',
      'comment on table t is <%= text %>',
      'create table t (a int) {{ .Options }}',
      'drop table <%= t %>, {{ .U }} ${cascade}',
      'set statement_timeout = {{ .Timeout }}',
      'create type ${kind} as enum (${first}, ${second})',
      'select setval({{ .Sequence }}, ${n})',
    ]) {
      const { statements, findings } = lint(sql);
      assert.equal(statements.length, 1, sql);
      assert.deepEqual(
        findings.filter((finding) => /^(syntax-error|not-analysed)$/.test(finding.rule)),
        [],
        sql,
      );
      assert.ok(
        statements[0]!.notes.some((note) => note.endsWith('is filled in by the migration tool.')),
        sql,
      );
    }
  });

  it('show in names as they are written, with every place where it was', () => {
    const sql =
      'alter table {{ index .Options "Namespace" }}.users add column é text;\nalter table ${schema}.t\n  drop column ü;';
    assert.deepEqual(locks(sql), [
      '"{{ index .Options ""Namespace"" }}".users AccessExclusiveLock',
      '"${schema}".t AccessExclusiveLock',
    ]);
    const { statements } = parser.parse(sql);
    for (const { start, end, text } of statements) assert.equal(sql.slice(start.offset, end.offset), text);
    assert.equal(statements[1]?.text, 'alter table ${schema}.t\n  drop column ü');
    assert.match(
      JSON.stringify(statements[1]?.node),
      new RegExp(`"location":${sql.indexOf('${schema}')}\\b`),
    );
  });

  it('are read in a history written with templates', () => {
    const sql = `-- adds what {{ .Name }} needs
{{ if .Fresh }}
create table if not exists {{ index .Options "Namespace" }}.accounts (
  id uuid primary key,
  instance_id uuid null,
  made timestamptz not null default now()
);
{{ end }}
do $$
begin
  if not exists (select 1 from information_schema.columns where table_name = 'people') then
    alter table {{ index .Options "Namespace" }}.people alter column id type bigint;
  end if;
end $$;
create or replace function {{ index .Options "Namespace" }}.uid() returns uuid as $body$
  select id from {{ index .Options "Namespace" }}.accounts limit 1
$body$ language sql stable;
{{- range .Tables }}
drop table {{ . }};
{{- end }}
`;
    const { statements, findings } = lint(sql);
    assert.deepEqual(
      statements.map((statement) => statement.kind),
      ['CreateStmt', 'DoStmt', 'CreateFunctionStmt', 'DropStmt'],
    );
    assert.deepEqual(
      findings
        .filter((finding) => /^(syntax-error|not-analysed)$/.test(finding.rule))
        .map((each) => each.start.line),
      [2],
    );
    const change = findings.find((finding) => finding.rule === 'type-change-rewrite');
    assert.deepEqual([change?.statement, change?.start.line], [1, 12]);
  });

  it('that fit nowhere are noted where they stand, and hide nothing else', () => {
    const { statements, findings } = lint('drop table a;\nselect ${x} ${y} from from;\ndrop table b;');
    assert.equal(statements.length, 2);
    assert.deepEqual(
      findings
        .filter((each) => each.rule === 'not-analysed')
        .map((each) => [each.start.line, each.start.column]),
      [[2, 8]],
    );
  });
});
