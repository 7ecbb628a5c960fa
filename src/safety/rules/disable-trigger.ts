import type { AlterTableCmd } from '@pgsql/types';
import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { isUnseen } from '../reading/commands';
import type { Rule, RuleContext } from '../rule';

export const disableTrigger: Rule = {
  id: 'disable-trigger',
  title: 'Switching triggers off while others write',
  severity: 'warning',
  on: ['AT_DisableTrig', 'AT_DisableTrigAll', 'AT_DisableTrigUser'],
  since: null,
  until: null,
  why: 'A trigger that is switched off is off for all sessions, so that the rows they write miss what it does. Inside one transaction that switches it on again nobody else can write meanwhile.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER',
  bad: {
    before:
      'create table orders (id int primary key); create function touch() returns trigger language plpgsql as $$begin return new; end$$; create trigger touched before update on orders for each row execute function touch();',
    sql: 'alter table orders disable trigger touched;',
  },
  good: {
    before:
      'create table orders (id int primary key); create function touch() returns trigger language plpgsql as $$begin return new; end$$; create trigger touched before update on orders for each row execute function touch();',
    sql: 'alter table orders disable trigger touched; alter table orders enable trigger touched;',
    transaction: 'wrapped',
  },
  check(context) {
    const alter = asKind(context.statement.node, 'AlterTableStmt');
    if (!alter || context.script.direction === 'down') return [];
    const table = relationKey(context.schema, alter.relation);
    if (isUnseen(context, table)) return [];
    return triggerCommands(context.statement)
      .filter((command) => command.subtype?.startsWith('AT_DisableTrig'))
      .filter((command) => !comesBack(context, table, command))
      .map((command) => ({
        message:
          command.subtype === 'AT_DisableTrig'
            ? t(
                'While {0} is off, rows that others write to {1} miss what it does. Switch it on again in the same transaction.',
                command.name ?? '',
                relationLabel(table),
              )
            : t(
                'While the triggers of {0} are off, rows that others write miss what they do, and ALL leaves foreign keys unchecked too. Switch them on again in the same transaction.',
                relationLabel(table),
              ),
        fix: null,
      }));
  },
};

function triggerCommands(statement: Statement): AlterTableCmd[] {
  return (asKind(statement.node, 'AlterTableStmt')?.cmds ?? [])
    .map((node) => asKind(node, 'AlterTableCmd'))
    .filter((command) => command !== null);
}

function comesBack({ statement, script, schema }: RuleContext, table: string, off: AlterTableCmd): boolean {
  const block = script.blocks[statement.index] ?? null;
  if (block === null) return false;
  return script.statements
    .slice(statement.index + 1)
    .some(
      (each) =>
        script.blocks[each.index] === block &&
        relationKey(schema, asKind(each.node, 'AlterTableStmt')?.relation) === table &&
        triggerCommands(each).some((on) => on.subtype === 'AT_EnableTrigAll' || isSame(on, off)),
    );
}

function isSame(on: AlterTableCmd, off: AlterTableCmd): boolean {
  return /^AT_Enable(?:Always|Replica)?Trig/.test(on.subtype ?? '') && (on.name ?? '') === (off.name ?? '');
}
