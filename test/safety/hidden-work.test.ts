import assert from 'node:assert/strict';
import { hidesWork } from '../../src/safety/hidden-work';
import { forecastStatements } from '../../src/safety/forecast/forecast-statements';
import { loadParser } from '../../src/sql/parser';

const hiding = [
  'do $$ begin execute some_text(); end $$',
  "do $$ declare r record; begin for r in select name from app.items loop execute format('drop table %I', r.name); end loop; end $$",
  'do $$ begin perform app.tidy_up(); end $$',
  'do $$ begin call app.tidy_up(); end $$',
  'do $$ begin if app.is_old() then null; end if; end $$',
  'do $$ begin selec 1; end $$',
  'do language plperl $$ spi_exec_query("delete from app.items") $$',
  'call app.tidy_up()',
  'select app.tidy_up()',
  'select tidy_up() from app.items',
  'select 1 where exists (select 1 from app.items where tidy_up(id))',
  'insert into app.items (id) select app.next_id()',
  'update app.items set price = app.price_of(id) where id = 1',
  'with done as (delete from app.items where app.is_old(id) returning id) select count(*) from done',
];
const open = [
  'do $$ begin update app.items set price = 0 where price <> 0; end $$',
  "do $$ begin if not exists (select 1 from pg_class where relname = 'items') then execute 'drop table app.items'; end if; end $$",
  'select 1',
  "select pg_catalog.set_config('search_path', '', false)",
  "select setval('app.items_id_seq', 10)",
  'select count(*), max(lower(name)) from app.items',
  'insert into app.items (id, made) values (gen_random_uuid(), now())',
  'alter table app.items add column note text',
  "create function app.f() returns int language sql as 'select app.tidy_up()'",
  'create trigger t before insert on app.items for each row execute function app.tidy_up()',
];

describe('statements whose work is inside something else', () => {
  for (const [sqls, expected] of [
    [hiding, true],
    [open, false],
  ] as const) {
    for (const sql of sqls) {
      it(`${expected ? 'hidden' : 'open'}: ${sql}`, async () => {
        const { statements } = (await loadParser()).parse(sql);
        assert.deepEqual(statements.map(hidesWork), [expected]);
        const [forecast] = forecastStatements({
          statements,
          direction: 'up',
          schema: null,
          transaction: 'wrapped',
          serverMajor: 18,
        });
        const said = forecast!.notes.some((note) => note.includes('was not looked at'));
        assert.equal(said, expected, forecast!.notes.join('\n'));
      });
    }
  }
});
