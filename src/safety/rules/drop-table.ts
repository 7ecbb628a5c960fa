import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { nameParts } from '../known-schema-drop';
import { dottedKey } from '../known-schema';
import type { Rule } from '../rule';
import { isUnseen } from '../reading/commands';
import { isDeprecationRecorded } from '../reading/deprecation';

export const dropTable: Rule = {
  id: 'drop-table',
  title: 'Dropping a table',
  severity: 'warning',
  on: ['DropStmt'],
  since: null,
  until: null,
  why: 'Code that still uses the table fails at once, and its rows cannot be had back without a backup. Tables at the other end of its foreign keys are locked as well.',
  url: 'https://www.postgresql.org/docs/current/sql-droptable.html',
  bad: { before: 'create table orders (id int primary key);', sql: 'drop table orders;' },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'create table scratch (id int); drop table scratch;',
  },
  check(context) {
    const drop = asKind(context.statement.node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_TABLE' || context.script.direction === 'down') return [];
    if (isDeprecationRecorded(context)) return [];
    const tables = (drop.objects ?? [])
      .map((object) => dottedKey(context.schema, nameParts(object), context.schema.relations))
      .filter((key) => !isUnseen(context, key))
      .map(relationLabel);
    if (tables.length === 0) return [];
    const message =
      tables.length === 1
        ? t(
            'All rows of {0} are gone for good, and code that still uses it fails. Drop it when no running version uses it and a backup is there.',
            tables[0]!,
          )
        : t(
            'All rows of {0} are gone for good, and code that still uses them fails. Drop them when no running version uses them and a backup is there.',
            tables.join(', '),
          );
    return [{ message, fix: null }];
  },
};
