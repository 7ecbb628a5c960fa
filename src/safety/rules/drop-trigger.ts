import { t } from '../../messages/translate';
import { relationLabel } from '../forecast/describe-forecast';
import { isUnseen } from '../reading/commands';
import { createdTrigger, droppedTriggers, sameTrigger } from '../reading/triggers';
import type { Rule } from '../rule';

export const dropTrigger: Rule = {
  id: 'drop-trigger',
  title: 'Dropping a trigger that code may rely on',
  severity: 'warning',
  planned: true,
  on: ['DropStmt'],
  since: null,
  until: null,
  why: 'What the trigger kept true is kept by nothing from then on, and rows that are written meanwhile stay wrong when it comes back. DROP TRIGGER also waits for an ACCESS EXCLUSIVE lock, so that readers queue behind it.',
  url: 'https://www.postgresql.org/docs/current/sql-droptrigger.html',
  bad: {
    before:
      'create table orders (id int primary key); create function touch() returns trigger language plpgsql as $$begin return new; end$$; create trigger touched before update on orders for each row execute function touch();',
    sql: 'drop trigger touched on orders;',
  },
  good: {
    before:
      'create table orders (id int primary key); create function touch() returns trigger language plpgsql as $$begin return new; end$$; create trigger touched before update on orders for each row execute function touch();',
    sql: 'drop trigger touched on orders; create trigger touched before insert or update on orders for each row execute function touch();',
  },
  check(context) {
    const { statement, schema, script } = context;
    if (script.direction === 'down') return [];
    const later = script.statements.slice(statement.index + 1);
    return droppedTriggers(schema, statement)
      .filter((trigger) => !isUnseen(context, trigger.table))
      .filter((trigger) => !later.some((each) => sameTrigger(createdTrigger(schema, each), trigger)))
      .filter((trigger) => !madeHere(context, trigger))
      .map(({ table, name }) => ({
        message: t(
          'Code that relies on what {0} does on {1} goes on without it. Drop it when no running version needs it, in a migration of its own.',
          name,
          relationLabel(table),
        ),
        fix: null,
      }));
  },
};

function madeHere(
  { schema, script, statement }: Parameters<Rule['check']>[0],
  trigger: { table: string; name: string },
): boolean {
  return script.statements
    .slice(0, statement.index)
    .some((each) => sameTrigger(createdTrigger(schema, each), trigger));
}
