import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import { dependentsOn } from '../../src/safety/known-dependents';
import type { KnownDependent, KnownSchema } from '../../src/safety/known-schema';
import { readKnownSchema } from '../../src/safety/read-known-schema';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';
import { schemaAfter } from './lock-truth';

const script = `
  create table orders (id int primary key, note text, amount int, total int generated always as (amount * 2) stored, other int);
  create table lines (id int primary key, order_id int, note text);
  create view plain as select id, note from orders;
  create view starred as select o.*, l.id as line from orders o join lines l on l.order_id = o.id;
  create view nested as select s.note from (select 1 as note) s, lines where lines.id > 0;
  create view several as select amount from orders union all select order_id from lines;
  create materialized view kept as with recent as (select amount from orders) select * from recent;
  create view renamed_later as select note from lines;
  alter view renamed_later rename to renamed;
  create view dropped as select other from orders;
  drop view dropped;
  create or replace view plain as select id, note, amount from orders;
  create function f() returns trigger language plpgsql as 'begin return new; end';
  create trigger watches before update of amount on orders for each row when (old.note is distinct from new.note) execute function f();
  create trigger names_none before insert on orders for each row execute function f();
  create trigger gone before update of other on orders for each row execute function f();
  drop trigger gone on orders;
  create policy all_rows on orders using (true);
  create policy own_rows on orders using (note = current_user and id in (select order_id from lines));
  create rule kept_rows as on delete to lines where old.order_id > 0 do instead nothing;
  alter table lines rename column order_id to belongs_to;
`;

describe('safety/known-dependents', function () {
  this.timeout(60_000);
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const of = (schema: KnownSchema, table: string): KnownDependent[] =>
    schema.relations
      .get(table)!
      .dependents.map((each) => ({ ...each, columns: [...each.columns].sort() }))
      .sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));

  for (const major of testMajors) {
    describe(`on PostgreSQL ${major}`, () => {
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));

      it('knows from the text what the server knows of what hangs on columns', async () => {
        await session.script(script);
        const read = await readKnownSchema(session, parser, { relations: null });
        const folded = schemaAfter(parser, script);
        // Only the server says that a policy of one table reads another.
        const lines = read.relations.get('public.lines')!;
        assert.ok(lines.dependents.some((each) => each.kind === 'policy' && each.name === 'own_rows'));
        lines.dependents = lines.dependents.filter((each) => each.kind !== 'policy');
        for (const table of ['public.orders', 'public.lines']) {
          assert.ok(of(folded, table).length > 3);
          assert.deepEqual(of(folded, table), of(read, table));
        }
      });
    });
  }

  it('forgets a column that goes, and views that are gone', () => {
    const schema = schemaAfter(
      parser,
      script,
      'drop view plain; alter table orders drop column note cascade; alter table orders alter column total drop expression;',
    );
    const names = dependentsOn(schema, 'public.orders', ['id', 'note', 'amount']).map((each) => each.name);
    assert.deepEqual(names, ['public.several', 'public.kept']);
  });
});
