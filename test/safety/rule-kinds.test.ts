import assert from 'node:assert/strict';
import { forecastEach } from '../../src/safety/forecast/forecast-statements';
import type { RuleScript } from '../../src/safety/rule';
import { subjectsOf } from '../../src/safety/rule-choice';
import { rules } from '../../src/safety/rules/index';
import { loadParser } from '../../src/sql/parser';
import { schemaAfter } from './lock-truth';

/** What each example is followed by: kinds of statements that few rules have an example of. */
const others = `
  create table other (id bigint primary key, label text, at timestamp);
  alter table other add column more char(3), alter column id type bigint, drop column at;
  alter table other alter column id set not null, alter column id drop not null, drop constraint other_pkey;
  alter table orders add constraint c check (id > 0), add unique (id), add foreign key (id) references orders;
  alter table orders alter constraint orders_id_fkey deferrable; alter table orders validate constraint c;
  alter table other set logged; alter table other enable row level security; alter table other disable trigger all;
  alter table other detach partition orders; alter table other attach partition orders default;
  create index on other (label); create index concurrently if not exists other_label on other (label);
  drop index other_label_idx; reindex table other; truncate other cascade; vacuum full other; cluster other;
  update other set label = 'x'; delete from other; insert into other values (1, 'x');
  alter table other rename column label to name; alter table other rename to another;
  create domain short as text check (length(value) < 9); alter domain short add check (value <> '');
  create type mood as enum ('sad'); alter type mood add value 'happy'; set lock_timeout = 0;
  refresh materialized view seen; drop schema old cascade; drop table another; create schema new;
  create function f() returns int language sql as 'select 1'; do $$ begin delete from orders; end $$;
  create view seen as select 1; comment on table orders is 'x'; grant select on orders to public;`;

describe('kinds of statements that rules look at', () => {
  it('leave out none that the rule says something of', async () => {
    const parser = await loadParser();
    const scripts = rules.flatMap(({ bad, good }) => [bad, good]);
    const limited = rules.filter((rule) => rule.on);
    assert.ok(limited.length > 50);
    for (const { before, sql, transaction = 'wrapped' } of scripts) {
      const { statements, comments } = parser.parse(`${sql.replace(/;?\s*$/, ';')}${others}`);
      const script: RuleScript = {
        sql,
        statements,
        comments,
        blocks: statements.map(() => 0),
        earlier: [],
        direction: 'up',
        transaction,
        serverMajor: 18,
        plan: { kind: 'none' },
        outside: null,
        atEnd: (schema) => schema.relations,
      };
      const input = { statements, direction: 'up' as const, transaction, serverMajor: 18 };
      const schema = schemaAfter(parser, before, 'create table orders (id int primary key);');
      for (const { statement, forecast, schema: known } of forecastEach({ ...input, schema })) {
        const subjects = subjectsOf(statement);
        for (const rule of limited) {
          if (rule.on!.some((subject) => subjects.includes(subject))) continue;
          const found = rule.check({ statement, forecast, schema: known, script });
          assert.deepEqual(found, [], `${rule.id} on ${subjects.join()}: ${statement.text}`);
        }
      }
    }
  });
});
