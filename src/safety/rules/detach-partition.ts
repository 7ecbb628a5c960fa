import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import { asKind } from '../../sql/tree';
import { freeConstraintName } from '../default-name';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { defaultPartition } from '../known-neighbours';
import { commandsOf, isUnseen } from '../reading/commands';
import type { Rule, RuleContext } from '../rule';

export const detachPartition: Rule = {
  id: 'detach-partition',
  title: 'Detaching a partition under ACCESS EXCLUSIVE',
  severity: 'warning',
  planned: true,
  on: ['AT_DetachPartition'],
  since: 14,
  until: null,
  why: 'DETACH PARTITION takes ACCESS EXCLUSIVE on the whole partitioned table, so that it waits for every query on it, and all queries after it wait for it. With CONCURRENTLY reads and writes go on.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION',
  bad: {
    before:
      'create table events (id int, kind int) partition by range (id); create table events_1 partition of events for values from (1) to (1000);',
    sql: 'alter table events detach partition events_1;',
  },
  good: {
    before:
      'create table events (id int, kind int) partition by range (id); create table events_1 partition of events for values from (1) to (1000);',
    sql: 'alter table events detach partition events_1 concurrently;',
    transaction: 'none',
  },
  check(context) {
    const { statement, schema, script } = context;
    const alter = asKind(statement.node, 'AlterTableStmt');
    const parent = relationKey(schema, alter?.relation);
    // Beside a default partition CONCURRENTLY is refused: there is nothing better to do.
    if (script.direction === 'down' || isUnseen(context, parent) || defaultPartition(schema, parent))
      return [];
    return commandsOf(context, 'AT_DetachPartition').flatMap((command) => {
      const partition = asKind(command.def, 'PartitionCmd');
      if (!partition || partition.concurrent || alter?.objtype !== 'OBJECT_TABLE') return [];
      const child = relationKey(schema, partition.name);
      const message = t(
        'Reads and writes of {0} queue behind this until it has its lock. Use DETACH PARTITION ... CONCURRENTLY, in a file without a transaction.',
        relationLabel(parent),
      );
      const fix = {
        kind: 'outside-transaction' as const,
        title: t('Detach {0} CONCURRENTLY', relationLabel(child)),
        statement: `${statement.text} CONCURRENTLY`,
        inverse: null,
        name: `detach ${partition.name?.relname ?? ''}`,
        object: { kind: 'partition' as const, parent, child },
        after: leftover(context, parent, child),
      };
      return [{ message, fix: schema.relations.has(parent) ? fix : null }];
    });
  },
};

/** CONCURRENTLY leaves a CHECK of the bound on the partition, which has no use once it is attached again. */
function leftover({ schema }: RuleContext, parent: string, child: string): string | undefined {
  const key = schema.relations.get(parent)?.partitionKey;
  if (!key) return undefined;
  const name = freeConstraintName(schema, child, 'check', key);
  return `ALTER TABLE ${child} DROP CONSTRAINT IF EXISTS ${formatIdentifier(name)}`;
}
