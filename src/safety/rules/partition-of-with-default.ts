import { t } from '../../messages/translate';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { defaultPartition } from '../known-neighbours';
import { isUnseen } from '../reading/commands';
import type { Rule } from '../rule';

export const partitionOfWithDefault: Rule = {
  id: 'partition-of-with-default',
  title: 'A new partition beside a default one',
  severity: 'error',
  on: ['CreateStmt'],
  since: null,
  until: null,
  why: 'CREATE TABLE with PARTITION OF takes ACCESS EXCLUSIVE on the parent, and on the default partition, whose rows it reads for values that belong to the new one. Nobody can use the whole partitioned table until it has read them.',
  url: 'https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARTITION',
  bad: {
    before:
      'create table events (id int, kind int) partition by range (id); create table events_rest partition of events default;',
    sql: 'create table events_1000 partition of events for values from (1000) to (2000);',
  },
  good: {
    before:
      'create table events (id int, kind int) partition by range (id); create table events_1 partition of events for values from (1) to (1000);',
    sql: 'create table events_1000 partition of events for values from (1000) to (2000);',
  },
  check(context) {
    const { statement, schema, forecast } = context;
    const create = asKind(statement.node, 'CreateStmt');
    if (!create?.partbound || create.partbound.is_default) return [];
    const parent = relationKey(schema, asKind(create.inhRelations?.[0], 'RangeVar') ?? undefined);
    const other = defaultPartition(schema, parent);
    if (!other || isUnseen(context, parent)) return [];
    if (!forecast.works.some((work) => work.kind === 'scan')) return [];
    const message = t(
      'All rows of the default partition {0} are read while nobody can use {1}. Give {0} a validated CHECK that leaves the new values out, create the table by itself, and ATTACH it.',
      relationLabel(other),
      relationLabel(parent),
    );
    return [{ message, fix: null }];
  },
};
