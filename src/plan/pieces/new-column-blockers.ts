import type { Assessment } from '../../assess/assessment';
import type { DomainFacts } from '../../assess/change-facts';
import type { AddColumn } from '../../assess/changes/add-column';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { childBlockers } from './partition-blocker';
import { isRewrittenQuickly } from './quick-rewrite';

/** What stops adding a column to this table, each with the way out. */
export function newColumnBlockers(change: AddColumn, assessment: Assessment): string[] {
  const { table, newColumn } = assessment;
  const blockers = [...childBlockers(table), ...sourceBlockers(change, assessment)];
  const domain = newColumn?.domain ?? null;
  if (domain !== null) blockers.push(domainBlocker(change, table, domain));
  else if (rewritesTable(change) && !isRewrittenQuickly(table)) blockers.push(rewriteBlocker(change, table));
  return blockers;
}

/**
 * Whether ADD COLUMN writes every row anew under its exclusive lock.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export function rewritesTable({ source }: AddColumn): boolean {
  return source.by === 'identity' || (source.by === 'generated' && !source.virtual);
}

function sourceBlockers({ source, column }: AddColumn, { table, server }: Assessment): string[] {
  const relation = formatQualifiedName(table.name);
  if (source.by === 'generated' && source.virtual && server.major < 18) {
    return [
      t(
        'Virtual columns are there from PostgreSQL 18 on; this server has {0}. Compute {1} in a view, or add it without --virtual.',
        server.major,
        formatIdentifier(column),
      ),
    ];
  }
  if (source.by !== 'identity') return [];
  if (table.inheritedBy.length > 0 || (table.partitioning !== null && server.major < 17)) {
    return [
      t(
        'PostgreSQL {0} cannot number the rows of {1} and of the tables below it from one column. Create a sequence, and add a required column with the default nextval of it.',
        server.major,
        relation,
      ),
    ];
  }
  return [];
}

function rewriteBlocker({ source }: AddColumn, table: TableFacts): string {
  const relation = formatQualifiedName(table.name);
  return source.by === 'identity'
    ? t(
        'Numbering the rows of {0} rewrites it while nobody can read or write. Create a sequence, and add a required column with the default nextval of it: that fills it in batches.',
        relation,
      )
    : t(
        'A stored generated column rewrites {0} while nobody can read or write. Take --virtual (from PostgreSQL 18), compute it in a view, or add a required column with that expression: that fills it in batches.',
        relation,
      );
}

/** Also one that only has checks: PostgreSQL tries them on every row. */
function domainBlocker({ type }: AddColumn, table: TableFacts, domain: DomainFacts): string {
  return t(
    'A column of the domain {0}, which has constraints, rewrites {1} while nobody can read or write. Give the type {2} and add the checks as constraints of the table, or add a required column: that does both.',
    type,
    formatQualifiedName(table.name),
    domain.baseType,
  );
}
