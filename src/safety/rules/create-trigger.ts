import { t } from '../../messages/translate';
import { relationLabel } from '../forecast/describe-forecast';
import { isUnseen } from '../reading/commands';
import { createdTrigger, droppedTriggers, sameTrigger } from '../reading/triggers';
import type { Rule } from '../rule';

export const createTrigger: Rule = {
  id: 'create-trigger',
  title: 'A trigger on a table in use',
  severity: 'info',
  planned: true,
  on: ['CreateTrigStmt'],
  since: null,
  until: null,
  why: 'CREATE TRIGGER stops writes for a moment, and from then on each write to the table runs the function inside its own transaction. An error or a wait in it is one of the application, also of code that knows nothing of the trigger.',
  url: 'https://www.postgresql.org/docs/current/sql-createtrigger.html',
  bad: {
    before:
      'create table orders (id int primary key); create function touch() returns trigger language plpgsql as $$begin return new; end$$;',
    sql: 'create trigger touched before update on orders for each row execute function touch();',
  },
  good: {
    before: 'create function touch() returns trigger language plpgsql as $$begin return new; end$$;',
    sql: 'create table orders (id int primary key); create trigger touched before update on orders for each row execute function touch();',
  },
  check(context) {
    const { statement, schema, script } = context;
    const trigger = createdTrigger(schema, statement);
    if (!trigger || isUnseen(context, trigger.table) || script.direction === 'down') return [];
    // Made anew, it is nothing that writes did not do before.
    const again = script.statements
      .slice(0, statement.index)
      .some((each) => droppedTriggers(schema, each).some((dropped) => sameTrigger(trigger, dropped)));
    if (again) return [];
    const message = t(
      'Each write to {0} runs this trigger from now on, also of code that knows nothing of it, and fails where its function fails. Try it with the code that runs now, and keep the function short.',
      relationLabel(trigger.table),
    );
    return [{ message, fix: null }];
  },
};
