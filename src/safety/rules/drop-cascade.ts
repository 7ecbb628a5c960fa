import type { DropStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel, relationLabels } from '../forecast/describe-forecast';
import { relationKey, type KnownSchema } from '../known-schema';
import { descendants, foreignKeysTo, tablesWithType, viewsOver, viewsOverColumn } from '../known-neighbours';
import { commandsOf, isUnseen } from '../reading/commands';
import { droppedKeys, objectsOf } from '../reading/made-names';
import type { Rule, RuleContext, RuleFinding } from '../rule';

export const dropCascade: Rule = {
  id: 'drop-cascade',
  title: 'DROP ... CASCADE',
  severity: 'warning',
  on: ['DropStmt', 'AT_DropColumn'],
  since: null,
  until: null,
  why: 'CASCADE also drops all that depends on what is dropped: views, foreign keys of other tables, columns of a type with their values. The statement names none of it, and what depends on it in production need not be what does in a test.',
  url: 'https://www.postgresql.org/docs/current/ddl-depend.html',
  bad: {
    before: 'create table customers (id int primary key); create view names as select id from customers;',
    sql: 'drop table customers cascade;',
  },
  good: {
    before: 'create table customers (id int primary key); create view names as select id from customers;',
    sql: 'drop view names; drop table customers;',
  },
  check(context) {
    if (context.script.direction === 'down') return [];
    const drop = asKind(context.statement.node, 'DropStmt');
    return drop ? ofDrop(context, drop) : ofCommands(context);
  },
};

function ofDrop(context: RuleContext, drop: DropStmt): RuleFinding[] {
  const { schema } = context;
  // A schema's content is the business of drop-schema.
  if (drop.behavior !== 'DROP_CASCADE' || drop.removeType === 'OBJECT_SCHEMA') return [];
  const keys = droppedKeys(schema, drop).filter((key) => !isUnseen(context, key));
  const known = objectsOf(schema, drop);
  const unknown = keys.filter((key) => !known.has(key) || !dependentsAreKnown(drop));
  // IF EXISTS of what no migration before it made most likely drops nothing.
  if (unknown.length > 0 && (!drop.missing_ok || schema.relations.size === 0)) return [finding(unknown, [])];
  const along = keys.flatMap((key) => dependents(schema, drop, key)).filter((each) => !keys.includes(each));
  return along.length > 0 ? [finding(keys, along)] : [];
}

/** Of others, like functions, it is not known what uses them. */
function dependentsAreKnown({ removeType }: DropStmt): boolean {
  return /^OBJECT_(TABLE|FOREIGN_TABLE|VIEW|MATVIEW|TYPE|DOMAIN|INDEX)$/.test(removeType ?? '');
}

function dependents(schema: KnownSchema, drop: DropStmt, key: string): string[] {
  if (/TYPE|DOMAIN/.test(drop.removeType ?? '')) {
    return tablesWithType(schema, key).flatMap((table) =>
      (schema.relations.get(table)?.columns ?? [])
        .filter((column) => column.type.name === key)
        .map((column) => t('column {0} of {1}', column.name, relationLabel(table))),
    );
  }
  // Partitions go with their table as they are meant to.
  const inheriting = schema.relations.get(key)?.kind === 'partitioned' ? [] : descendants(schema, key);
  return [...viewsOver(schema, key), ...foreignKeys(schema, key, null), ...inheriting];
}

function ofCommands(context: RuleContext): RuleFinding[] {
  const { schema, statement } = context;
  const key = relationKey(schema, asKind(statement.node, 'AlterTableStmt')?.relation);
  if (isUnseen(context, key)) return [];
  return commandsOf(context, 'AT_DropColumn')
    .filter((command) => command.behavior === 'DROP_CASCADE')
    .flatMap(({ name = '' }) => {
      const along = [...viewsOverColumn(schema, key, name), ...foreignKeys(schema, key, name)];
      if (schema.relations.has(key) && along.length === 0) return [];
      return [finding([`${key}.${name}`], along)];
    });
}

function foreignKeys(schema: KnownSchema, key: string, column: string | null): string[] {
  return foreignKeysTo(schema, key, column)
    .filter(({ table }) => table !== key)
    .map(({ table, constraint }) => t('foreign key {0} of {1}', constraint.name, relationLabel(table)));
}

function finding(dropped: readonly string[], along: readonly string[]): RuleFinding {
  const message =
    along.length > 0
      ? t(
          'CASCADE drops more than {0}: {1}. Drop each of them by name first, and leave CASCADE out.',
          relationLabels(dropped),
          relationLabels([...new Set(along)]),
        )
      : t(
          'CASCADE also drops whatever depends on {0}, without naming it. Drop that by name first, and leave CASCADE out.',
          relationLabels(dropped),
        );
  return { message, fix: null };
}
