import type { IndexStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { dottedNameAt } from '../../sql/tokens';
import { asKind } from '../../sql/tree';
import { freeIndexName } from '../default-name';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { relationKey } from '../known-schema';
import { isUnseen } from '../reading/commands';
import { schemaOf } from '../reading/constraint-by-index';
import type { Rule, RuleContext } from '../rule';

export const indexOnPartitionedTable: Rule = {
  id: 'index-on-partitioned-table',
  title: 'An index on a partitioned table',
  severity: 'error',
  on: ['IndexStmt'],
  since: null,
  until: null,
  why: 'CREATE INDEX on a partitioned table builds one index on every partition, and writes to all of them wait until the last one is done. CONCURRENTLY is refused there; it works on each partition.',
  url: 'https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE',
  bad: {
    before:
      'create table events (id int, kind int) partition by range (id); create table events_1 partition of events for values from (1) to (100000);',
    sql: 'create index events_kind on events (kind);',
  },
  good: {
    before:
      'create table events (id int, kind int) partition by range (id); create table events_1 partition of events for values from (1) to (100000);',
    sql: 'create index events_kind on only events (kind);',
  },
  check(context) {
    const { statement, schema, forecast } = context;
    const index = asKind(statement.node, 'IndexStmt');
    const table = relationKey(schema, index?.relation);
    if (!index || schema.relations.get(table)?.kind !== 'partitioned' || isUnseen(context, table)) return [];
    const present = schema.relations.get(table)?.indexes.some((each) => each.name === index.idxname);
    if (present && index.if_not_exists) return [];
    if (!index.concurrent && forecast.work !== 'index-build') return [];
    const message = index.concurrent
      ? t(
          'This fails: the partitioned table {0} takes no index CONCURRENTLY. Build it CONCURRENTLY on each partition, create it ON ONLY {0}, and attach the others.',
          relationLabel(table),
        )
      : t(
          'Writes to {0} and all its partitions wait until the index is built. Build it CONCURRENTLY on each partition, create it ON ONLY {0}, and attach the others.',
          relationLabel(table),
        );
    return [{ message, fix: onEachPartition(context, index, table) }];
  },
};

/** The author's index, on each partition that is known, and then the parent's from them. */
function onEachPartition(
  { statement, schema, script }: RuleContext,
  index: IndexStmt,
  table: string,
): FixProposal | null {
  const partitions = schema.relations.get(table)?.children ?? [];
  const relations = partitions.map((key) => schema.relations.get(key));
  // A foreign table takes no index, a partition of partitions needs the same again.
  if (!index.idxname || index.if_not_exists || partitions.length === 0) return null;
  if (index.unique || relations.some((relation) => relation?.kind !== 'table')) return null;
  const place = index.relation?.location;
  const end = place === undefined ? undefined : dottedNameAt(script.sql, place).at(-1)?.end;
  if (end === undefined) return null;
  const rest = script.sql.slice(end, statement.end.offset).replace(/^\s*\*/, '');
  const owner = schemaOf(schema, table);
  const parent = formatQualifiedName({ schema: owner, name: index.idxname });
  const columns = (index.indexParams ?? []).map((node) => asKind(node, 'IndexElem')?.name ?? '');
  const own = partitions.map((key) => ({ key, name: freeIndexName(schema, key, columns) }));
  const drops = own.map(({ key, name }) => {
    const qualified = formatQualifiedName({ schema: schemaOf(schema, key), name });
    return `DROP INDEX CONCURRENTLY IF EXISTS ${qualified}`;
  });
  const statements = [
    ...own.map(({ key, name }) => `CREATE INDEX CONCURRENTLY ${formatIdentifier(name)} ON ${key}${rest}`),
    `CREATE INDEX ${formatIdentifier(index.idxname)} ON ONLY ${table}${rest}`,
    ...own.map(({ key, name }) => {
      const part = formatQualifiedName({ schema: schemaOf(schema, key), name });
      return `ALTER INDEX ${parent} ATTACH PARTITION ${part}`;
    }),
  ];
  return {
    kind: 'outside-transaction',
    title: t('Build it CONCURRENTLY on each partition, then on {0}', relationLabel(table)),
    statement: statements.join(';\n'),
    inverse: [`DROP INDEX IF EXISTS ${parent}`, ...drops].join(';\n'),
    name: `index ${index.idxname}`,
    object: { kind: 'index', name: parent },
    // An attached index cannot be detached again: one file has to do all of it.
    apart: null,
  };
}
