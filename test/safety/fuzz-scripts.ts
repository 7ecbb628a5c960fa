import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';

/** Real migrations beside the repository; none where they are absent. */
const corpora = path.resolve(__dirname, '..', '..', '..', 'shared', 'corpora');

/** Texts for the analyser: written by PostgreSQL's grammar, and real or written ones that were damaged. */
export function fuzzedScripts(): fc.Arbitrary<string> {
  const whole = script();
  const real = realMigrations();
  const sources = real.length > 0 ? fc.oneof(whole, fc.constantFrom(...real)) : whole;
  return fc.oneof(
    { arbitrary: whole, weight: 4 },
    { arbitrary: damaged(sources), weight: 5 },
    { arbitrary: extreme(), weight: 1 },
  );
}

function realMigrations(): string[] {
  if (!existsSync(corpora)) return [];
  const files = readdirSync(corpora, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(corpora, file))
    .filter((file) => file.endsWith('.sql') && statSync(file).size < 40_000)
    .sort();
  return files.map((file) => readFileSync(file, 'utf8')).filter((text) => text !== '');
}

const name = fc.constantFrom(
  't',
  'orders',
  'app.orders',
  '"Ö 🎉"',
  '"a""b".c',
  'users',
  '${schema}.t',
  '{{ .Table }}',
  ':name',
  'x_${n}',
);
const column = fc.constantFrom('a', 'b', '"C"', 'id', 'é', 'note');
const type = fc.constantFrom(
  'int',
  'varchar(5)',
  'numeric(8, 2)[]',
  'timestamptz(3)',
  'serial',
  'app.kind',
  'text collate "C"',
  'char',
);
const literal = fc.constantFrom("'x'", "E'\\'x'", "''", '1', '-1.5e3', '$$y$$', 'null', "U&'\\0061'", 'true');
const expression: fc.Arbitrary<string> = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    column,
    literal,
    fc
      .tuple(tie('e'), fc.constantFrom('+', '||', '=', 'and', 'is distinct from'), tie('e'))
      .map((each) => each.join(' ')),
    tie('e').map((inner) => `(${inner})`),
    tie('e').map((inner) => `coalesce(${inner}, random())`),
    tie('e').map((inner) => `case when ${inner} then ${inner} else f(${inner}) end`),
    tie('e').map((inner) => `(select ${inner} from t where a = 1)`),
  ),
})).e;
const constraint = fc.oneof(
  expression.map((check) => `check (${check})`),
  fc.constantFrom(
    'primary key',
    'unique',
    'not null',
    'references t',
    'references t (a) on delete cascade',
    'null',
  ),
  expression.map((value) => `default ${value}`),
  fc.constant('generated always as identity'),
  fc.constant('generated always as (a + 1) stored'),
);
const definition = fc
  .tuple(column, type, fc.array(constraint, { maxLength: 2 }))
  .map(([each, of, rest]) => [each, of, ...rest].join(' '));
const tableConstraint = fc.oneof(
  fc.tuple(column, expression).map(([each, check]) => `constraint ${each} check (${check}) not valid`),
  fc.tuple(column, name).map(([each, table]) => `foreign key (${each}) references ${table} (${each})`),
  column.map((each) => `unique (${each}, b)`),
  column.map((each) => `exclude using gist (${each} with &&)`),
);
const command = fc.oneof(
  definition.map((each) => `add column ${each}`),
  definition.map((each) => `add column if not exists ${each}`),
  tableConstraint.map((each) => `add ${each}`),
  fc.tuple(column, type, expression).map(([each, to, by]) => `alter column ${each} type ${to} using ${by}`),
  fc
    .tuple(column, fc.constantFrom('set not null', 'drop not null', 'drop default', 'set statistics 5'))
    .map((each) => `alter ${each.join(' ')}`),
  column.map((each) => `drop column if exists ${each} cascade`),
  column.map((each) => `validate constraint ${each}`),
  name.map((each) => `attach partition ${each} for values in ('a', null)`),
  name.map((each) => `detach partition ${each} concurrently`),
  fc.constantFrom(
    'set (fillfactor = 70)',
    'enable trigger all',
    'owner to current_user',
    'set unlogged',
    'replica identity full',
  ),
);
const plain = fc.oneof(
  fc
    .tuple(name, fc.array(command, { minLength: 1, maxLength: 3 }))
    .map(([table, commands]) => `alter table ${table} ${commands.join(', ')}`),
  fc
    .tuple(name, fc.array(fc.oneof(definition, tableConstraint), { maxLength: 5 }))
    .map(([table, parts]) => `create table if not exists ${table} (${parts.join(', ')})`),
  fc
    .tuple(name, column)
    .map(([table, each]) => `create table ${table} (${each} int) partition by range (${each})`),
  fc
    .tuple(name, expression)
    .map(([table, by]) => `create unique index concurrently on ${table} ((${by})) where a > 1`),
  fc
    .tuple(name, column, expression)
    .map(([table, each, to]) => `update ${table} set ${each} = ${to} where a = 1`),
  name.map((table) => `delete from ${table}`),
  fc.tuple(name, expression).map(([table, value]) => `insert into ${table} select ${value} from ${table}`),
  fc.tuple(name, name).map(([from, to]) => `alter table ${from} rename to ${to}`),
  fc
    .tuple(fc.constantFrom('table', 'view', 'index concurrently', 'type', 'function', 'schema'), name)
    .map(([kind, each]) => `drop ${kind} if exists ${each} cascade`),
  fc
    .tuple(name, expression)
    .map(([view, value]) => `create or replace view ${view} as select ${value} from t`),
  fc.constantFrom(
    'begin',
    'commit',
    'set lock_timeout = 5',
    "set search_path = 'app', public",
    'vacuum full t',
    'truncate t',
    'lock table t',
  ),
  name.map((each) => `create domain ${each} as int check (value > 0)`),
  name.map((each) => `comment on table ${each} is 'x'`),
  name.map((each) => `create trigger z before insert on ${each} for each row execute function f()`),
  name.map((each) => `call ${each}(1)`),
  expression.map((each) => `select ${each}`),
);
const blockStatement: fc.Arbitrary<string> = fc.letrec<{ s: string }>((tie) => ({
  s: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    plain,
    expression.map((each) => `perform ${each}`),
    expression.map((each) => `n := ${each}`),
    plain.map((each) => `execute '${each.replaceAll("'", "''")}'`),
    fc
      .tuple(column, expression)
      .map(([each, by]) => `execute format('alter table %I add %s int', '${each}', ${by})`),
    fc.tuple(expression, tie('s')).map(([when, then]) => `if ${when} then ${then}; end if`),
    tie('s').map((inner) => `for r in select * from t loop ${inner}; end loop`),
    tie('s').map((inner) => `begin ${inner}; exception when others then ${inner}; end`),
  ),
})).s;
const body = fc
  .array(blockStatement, { maxLength: 4 })
  .map(
    (parts) =>
      `declare r record; n int; v t%rowtype; begin ${parts.map((part) => `${part};\n`).join('')} end`,
  );
const routine = fc.oneof(
  body.map((code) => `do $$ ${code} $$`),
  body.map((code) => `do '${code.replaceAll("'", "''")}'`),
  fc
    .tuple(name, body)
    .map(
      ([each, code]) =>
        `create or replace function ${each}(x int default 1) returns int language plpgsql as $f$ ${code} $f$`,
    ),
  fc
    .tuple(name, plain)
    .map(([each, code]) => `create function ${each}() returns int language sql as $f$ ${code} $f$`),
  fc
    .tuple(name, expression)
    .map(([each, code]) => `create procedure ${each}() begin atomic select ${code}; end`),
);
const aside = fc.constantFrom(
  '\\set name app.orders\n',
  '\\i other.sql\n',
  '\\if :x\n',
  '\\endif\n',
  'copy t from stdin;\n1\t2\n\\.\n',
  '-- switchback:ignore drop-table because\n',
  '/* é /* nested */ 🎉 */',
  '{{ if .X }}',
  '{{ end }}',
  '\r\n',
  '\uFEFF',
);

function script(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { arbitrary: plain.map((sql) => `${sql};\n`), weight: 6 },
    { arbitrary: routine.map((sql) => `${sql};\n`), weight: 2 },
    { arbitrary: aside, weight: 2 },
  );
  return fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
}

const noise = fc.constantFrom(
  "'",
  '"',
  '$$',
  '$a$',
  '/*',
  '*/',
  '--',
  ';',
  '(',
  ')',
  '\\',
  '\0',
  '\uD83C',
  '\uDC00',
  '${',
  '{{',
  '}}',
  ':',
  '%(a)s',
  'begin atomic',
  'end',
  '\u2028',
);

/** Spans are deleted, doubled, swapped, cut off, or strewn with signs that open what nothing closes. */
function damaged(sources: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const change = fc.tuple(fc.constantFrom('delete', 'double', 'swap', 'cut', 'insert'), place, place, noise);
  return fc.tuple(sources, fc.array(change, { minLength: 1, maxLength: 4 })).map(([source, changes]) =>
    changes.reduce((text, [kind, one, other, sign]) => {
      const from = Math.floor(Math.min(one, other) * text.length);
      const to = Math.floor(Math.max(one, other) * text.length);
      const span = text.slice(from, Math.min(to, from + 2_000));
      switch (kind) {
        case 'delete':
          return text.slice(0, from) + text.slice(from + span.length);
        case 'double':
          return text.slice(0, from) + span + text.slice(from);
        case 'swap':
          return text.slice(0, from) + text.slice(from + span.length) + span;
        case 'cut':
          return text.slice(0, to);
        case 'insert':
          return text.slice(0, from) + sign + text.slice(from);
      }
    }, source),
  );
}

/** Texts of sizes and depths nobody writes. */
function extreme(): fc.Arbitrary<string> {
  const count = fc.integer({ min: 1, max: 3_000 });
  return fc.oneof(
    fc
      .tuple(count, fc.constantFrom('(', '[', 'case when ', 'not ', '- ', '(select ', 'coalesce(', "'a' || "))
      .map(([times, sign]) => `select ${sign.repeat(times)}1`),
    count.map((times) => `select ${'('.repeat(times)}1${')'.repeat(times)}; drop table t`),
    count.map(
      (times) => `do $$ begin ${'if true then '.repeat(times)} null; ${'end if; '.repeat(times)} end $$`,
    ),
    count.map((times) => `do $$ begin ${'begin '.repeat(times)} null; ${'end; '.repeat(times)} end $$`),
    fc.tuple(count, noise).map(([times, sign]) => `select 1;\n${sign.repeat(times)}\ndrop table t;`),
    fc
      .tuple(count, aside)
      .map(([times, text]) => `selec;${text.repeat(Math.min(times, 1_000))}drop table t;`),
    fc.integer({ min: 1, max: 200 }).map((times) => `select '${'x'.repeat(times * 5_000)}'; drop table t;`),
    fc
      .integer({ min: 1, max: 200 })
      .map((times) => `-- ${'é'.repeat(times * 2_500)}\nselec 1; drop table t;`),
    fc.integer({ min: 1, max: 100 }).map((times) => 'select 1 -- x\n;'.repeat(times * 10)),
    fc.integer({ min: 1, max: 100 }).map((times) => `drop table t; selec;\n`.repeat(times)),
    fc.integer({ min: 1, max: 60 }).map((times) => `select '${'é'.repeat(8)}\n;`.repeat(times)),
  );
}
