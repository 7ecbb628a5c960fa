import type { ReindexStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { relationKey } from '../known-schema';
import { tableOfIndex } from '../known-neighbours';
import { isUnseen } from '../reading/commands';
import { afterWord } from '../reading/statement-text';
import type { Rule } from '../rule';

export const reindexNotConcurrent: Rule = {
  id: 'reindex-not-concurrent',
  title: 'REINDEX while writes wait',
  severity: 'error',
  on: ['ReindexStmt'],
  since: 12,
  until: null,
  why: 'REINDEX stops writes to the table, and reads that would use the index, for as long as it builds. REINDEX CONCURRENTLY builds a new index beside the old one and lets reads and writes pass.',
  url: 'https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY',
  bad: {
    before: 'create table orders (id int primary key, customer_id int);',
    sql: 'reindex table orders;',
  },
  good: {
    before: 'create table orders (id int primary key, customer_id int);',
    sql: 'reindex table concurrently orders;',
    transaction: 'none',
  },
  check(context) {
    const { statement, schema } = context;
    const reindex = asKind(statement.node, 'ReindexStmt');
    // The system catalogs can only be done this way.
    if (!reindex || isConcurrent(reindex) || reindex.kind === 'REINDEX_OBJECT_SYSTEM') return [];
    const key = reindex.relation ? relationKey(schema, reindex.relation) : null;
    const table = key === null ? null : (tableOfIndex(schema, key)?.table ?? key);
    if (table !== null && isUnseen(context, table)) return [];
    const message = t(
      'Writes to {0} wait until its indexes are built anew. Use REINDEX ... CONCURRENTLY, in a file without a transaction.',
      table === null ? t('each table in turn') : relationLabel(table),
    );
    return [{ message, fix: concurrently(statement, reindex) }];
  },
};

function isConcurrent(reindex: ReindexStmt): boolean {
  return (reindex.params ?? []).some((node) => asKind(node, 'DefElem')?.defname === 'concurrently');
}

function concurrently(statement: Statement, reindex: ReindexStmt): FixProposal | null {
  const word = /^REINDEX_OBJECT_(\w+)$/.exec(reindex.kind ?? '')?.[1]?.toLowerCase();
  if (!word) return null;
  return {
    kind: 'outside-transaction',
    title: t('Rebuild it CONCURRENTLY'),
    statement: afterWord(statement.text, word, ' CONCURRENTLY'),
    // It changes no definition: there is nothing to take back.
    inverse: '',
    name: `reindex ${reindex.relation?.relname ?? reindex.name ?? ''}`,
    object: null,
  };
}
