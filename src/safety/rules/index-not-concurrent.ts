import type { IndexStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { relationKey, type KnownSchema } from '../known-schema';
import type { Rule } from '../rule';
import { afterWord } from '../reading/statement-text';

export const indexNotConcurrent: Rule = {
  id: 'index-not-concurrent',
  title: 'Building an index while writes wait',
  severity: 'error',
  on: ['IndexStmt'],
  since: null,
  until: null,
  why: 'CREATE INDEX holds a SHARE lock for as long as the build takes, and every write to the table waits. CONCURRENTLY takes longer but lets writes pass.',
  url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
  bad: {
    before: 'create table orders (id int primary key, customer_id int);',
    sql: 'create index orders_customer on orders (customer_id);',
  },
  good: {
    before: 'create table orders (id int primary key, customer_id int);',
    sql: 'create index concurrently orders_customer on orders (customer_id);',
    transaction: 'none',
  },
  check({ statement, forecast, schema }) {
    const index = asKind(statement.node, 'IndexStmt');
    if (!index || index.concurrent || forecast.work !== 'index-build') return [];
    const table = relationKey(schema, index.relation);
    const partitioned = schema.relations.get(table)?.kind === 'partitioned';
    if (partitioned) return [];
    const message = t(
      'Writes to {0} wait until the index is built. Use CREATE INDEX CONCURRENTLY, in a file without a transaction.',
      relationLabel(table),
    );
    return [{ message, fix: concurrently(statement, index, table, schema) }];
  },
};

/** Only for an index with a name: without one nothing could say what takes it back. */
function concurrently(
  statement: Statement,
  index: IndexStmt,
  table: string,
  schema: KnownSchema,
): FixProposal | null {
  if (!index.idxname) return null;
  const owner = schema.relations.get(table)?.schema ?? index.relation?.schemaname ?? 'public';
  return {
    kind: 'outside-transaction',
    title: t('Build {0} CONCURRENTLY', index.idxname),
    statement: afterWord(statement.text, 'index', ' CONCURRENTLY'),
    inverse: `DROP INDEX CONCURRENTLY IF EXISTS ${formatQualifiedName({ schema: owner, name: index.idxname })}`,
    name: `index ${index.idxname}`,
    object: { kind: 'index', name: formatQualifiedName({ schema: owner, name: index.idxname }) },
  };
}
