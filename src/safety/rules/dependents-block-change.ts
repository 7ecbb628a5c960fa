import type { AlterTableCmd } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { dependentsOn } from '../known-dependents';
import { relationKey, type KnownDependent, type KnownSchema } from '../known-schema';
import { foreignKeysTo, viewsOver } from '../known-neighbours';
import { commandsOf } from '../reading/commands';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const dependentsBlockChange: Rule = {
  id: 'dependents-block-change',
  title: 'Changing or dropping a column that something else is made of',
  severity: 'error',
  on: ['AT_AlterColumnType', 'AT_DropColumn'],
  since: null,
  until: null,
  why: 'PostgreSQL refuses to change the type of a column, or to drop it, while a view, a rule, a trigger, a policy, a generated column or a partition key is made of it; nor does it drop what a foreign key points at. They have to be dropped first and made again afterwards, in the same transaction.',
  url: 'https://www.postgresql.org/docs/current/ddl-depend.html',
  bad: {
    before:
      'create table orders (id int primary key, code varchar(10)); create view codes as select code from orders; create view short_codes as select code from codes;',
    sql: 'alter table orders alter column code type varchar(20);',
  },
  good: {
    before:
      'create table orders (id int primary key, code varchar(10)); create view codes as select code from orders;',
    sql: 'drop view codes; alter table orders alter column code type varchar(20); create view codes as select code from orders;',
  },
  check(context) {
    const alter = asKind(context.statement.node, 'AlterTableStmt');
    if (alter?.objtype !== undefined && alter.objtype !== 'OBJECT_TABLE') return [];
    const key = relationKey(context.schema, alter?.relation);
    const changes = commandsOf(context, 'AT_AlterColumnType');
    const drops = commandsOf(context, 'AT_DropColumn');
    const droppedBefore = (drop: AlterTableCmd): string[] =>
      drops.slice(0, drops.indexOf(drop)).map((each) => each.name ?? '');
    return [
      ...changes.flatMap((command) =>
        changeFinding(
          context,
          key,
          command,
          drops.map((each) => each.name ?? ''),
        ),
      ),
      ...drops.flatMap((command) => dropFinding(context, key, command, droppedBefore(command))),
    ];
  },
};

function changeFinding(
  context: RuleContext,
  key: string,
  command: AlterTableCmd,
  gone: readonly string[],
): RuleFinding[] {
  const column = command.name ?? '';
  if (inPartitionKey(context, key, column)) return [partitionKeyFinding(key, column)];
  const blocking = blockersOf(context, key, column, gone);
  if (blocking.length === 0) return [];
  const message = t(
    'This fails: what is made of {0}.{1} keeps it from changing its type. In the same transaction, drop in this order, change the type, and make again: {2}.',
    relationLabel(key),
    column,
    blocking.join(', '),
  );
  return [{ message, fix: null }];
}

function dropFinding(
  context: RuleContext,
  key: string,
  command: AlterTableCmd,
  gone: readonly string[],
): RuleFinding[] {
  const { schema, script } = context;
  const column = command.name ?? '';
  const known = schema.relations.get(key);
  if (command.behavior === 'DROP_CASCADE' || (command.missing_ok && !hasColumn(schema, key, column)))
    return [];
  const generated = dependentsOn(schema, key, [column]).filter(
    (each) => each.kind === 'generated-column' && !gone.includes(each.name),
  );
  if (script.serverMajor < 15 && generated.length > 0 && !known?.fresh) {
    const message = t(
      'Up to PostgreSQL 14, dropping {0}.{1} silently drops {2} too, which is computed from it. Drop that first, or turn it into a plain column with DROP EXPRESSION.',
      relationLabel(key),
      column,
      generated.map((each) => each.name).join(', '),
    );
    return [{ message, fix: null }];
  }
  if (inPartitionKey(context, key, column)) return [partitionKeyFinding(key, column)];
  const blocking = [...foreignKeysOn(context, key, column), ...blockersOf(context, key, column, gone)];
  if (blocking.length === 0) return [];
  const message = t(
    'This fails: what is made of {0}.{1} keeps it from being dropped. Drop or change first, in this order: {2}.',
    relationLabel(key),
    column,
    blocking.join(', '),
  );
  return [{ message, fix: null }];
}

function inPartitionKey({ schema }: RuleContext, key: string, column: string): boolean {
  return schema.relations.get(key)?.partitionKey?.includes(column) ?? false;
}

/** There is no way to drop or change a partition key. */
function partitionKeyFinding(key: string, column: string): RuleFinding {
  const message = t(
    'This fails: {1} is part of the partition key of {0}. Make a new partitioned table with the other column, and move the rows in batches.',
    relationLabel(key),
    column,
  );
  return { message, fix: null };
}

/** Other tables' foreign keys to the column: a type change leaves those, a drop would take their key away. */
function foreignKeysOn({ schema }: RuleContext, key: string, column: string): string[] {
  return foreignKeysTo(schema, key, column)
    .filter(({ table }) => table !== key)
    .map(({ table, constraint }) => t('foreign key {0} of {1}', constraint.name, relationLabel(table)));
}

/** What stands in the way, in the order in which it has to be dropped. */
function blockersOf({ schema }: RuleContext, key: string, column: string, gone: readonly string[]): string[] {
  const dependents = dependentsOn(schema, key, [column]).filter(
    (each) => each.kind !== 'generated-column' || !gone.includes(each.name),
  );
  const views = dependents.filter((each) => each.kind === 'view').map((each) => each.name);
  const others = dependents.filter((each) => each.kind !== 'view').map(inWords);
  return [...others, ...inDropOrder(schema, views)];
}

function inWords({ kind, name }: KnownDependent): string {
  switch (kind) {
    case 'view':
      return relationLabel(name);
    case 'rule':
      return t('rule {0}', name);
    case 'trigger':
      return t('trigger {0}', name);
    case 'policy':
      return t('policy {0}', name);
    case 'generated-column':
      return t('generated column {0}', name);
    case 'routine':
      return t('function {0}', relationLabel(name));
  }
}

/** A view comes behind all those that read it. */
function inDropOrder(schema: KnownSchema, views: readonly string[]): string[] {
  const ordered: string[] = [];
  const visit = (view: string): void => {
    if (ordered.includes(view)) return;
    for (const over of viewsOver(schema, view)) visit(over);
    if (!ordered.includes(view)) ordered.push(view);
  };
  views.forEach(visit);
  return ordered.map(relationLabel);
}

function hasColumn(schema: KnownSchema, key: string, column: string): boolean {
  return schema.relations.get(key)?.columns.some((each) => each.name === column) ?? true;
}
