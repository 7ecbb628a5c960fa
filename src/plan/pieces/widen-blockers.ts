import type { Assessment } from '../../assess/assessment';
import type { WidenKey } from '../../assess/changes/widen-key';
import type { WidenedForeignKey, WidenedTable } from '../../assess/widened-key';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { childBlockers } from './partition-blocker';
import { filtersBy } from './row-filter';
import { dependentBlockers } from './type-blockers';

/** What stops a key from becoming wider, each with the way out. */
export function widenBlockers(_change: WidenKey, { widenedKey }: Assessment): string[] {
  if (widenedKey === undefined) return [];
  return [
    ...widenedKey.tables.flatMap((table) => [
      ...tableBlockers(table.facts),
      ...table.columns.flatMap((column) => columnBlockers(table.facts, column)),
      ...objectBlockers(table),
    ]),
    ...widenedKey.foreignKeys.flatMap(foreignKeyBlockers),
  ];
}

function tableBlockers(table: TableFacts): string[] {
  const relation = formatQualifiedName(table.name);
  const blockers = childBlockers(table);
  if (table.partitioning !== null)
    blockers.push(
      t(
        'The table {0} is partitioned, where neither its keys nor its foreign keys can be exchanged without reading rows under a lock. Where it only refers to the key, drop its foreign key, change its column with change-column-type, and add the foreign key again afterwards (add-foreign-key); where the key is its own, make a new partitioned table and move the rows.',
        relation,
      ),
    );
  if (table.inheritedBy.length > 0)
    blockers.push(
      t('{0} has children by INHERITS, which a trigger does not reach. Detach them first.', relation),
    );
  if (!table.mayAlter)
    blockers.push(
      t(
        'The table {0}, which refers to the key, belongs to {1}, and the user may not alter it. Connect as a user who may alter both.',
        relation,
        table.owner,
      ),
    );
  return blockers;
}

function columnBlockers(table: TableFacts, column: string): string[] {
  const name = `${formatQualifiedName(table.name)}.${formatIdentifier(column)}`;
  // Views are made again with the exchange.
  const blockers = dependentBlockers(
    { column },
    { ...table, dependents: { ...table.dependents, views: [] } },
  );
  if (columnOf(table, column).generated !== null)
    blockers.push(
      t('{0} is a generated column, which nothing can be kept equal to. Drop its foreign key first.', name),
    );
  const publications = table.publications.filter((each) => each.columns?.includes(column) === true);
  if (publications.length > 0)
    blockers.push(
      t(
        'These publications list {0}: {1}. Take it off their lists before the change, and put it there again after it.',
        name,
        publications.map((each) => each.name).join(', '),
      ),
    );
  // The filter would follow the narrow column, which no longer is the replica identity: every UPDATE would fail.
  const filters = table.publications.filter((publication) => filtersBy(publication, column));
  if (filters.length > 0)
    blockers.push(
      t(
        'These publications choose rows by {0}, and would go on choosing by the narrow column: {1}. Publish the table without that filter before the change, and with it again after it.',
        name,
        filters.map((each) => each.name).join(', '),
      ),
    );
  return blockers;
}

function objectBlockers({ facts: table, columns, numbering }: WidenedTable): string[] {
  const relation = formatQualifiedName(table.name);
  const uses = (each: { columns: string[] }): boolean =>
    each.columns.some((column) => columns.includes(column));
  const blockers: string[] = [];
  for (const constraint of table.constraints.filter(uses)) {
    const name = formatIdentifier(constraint.name);
    if (constraint.kind === 'exclusion' || / WITHOUT OVERLAPS/.test(constraint.definition))
      blockers.push(
        t(
          'PostgreSQL can build the index of the constraint {0} of {1} only under an exclusive lock. Drop it first and add it again in a quiet minute.',
          name,
          relation,
        ),
      );
    if (constraint.kind === 'check' && / NOT ENFORCED$/.test(constraint.definition))
      blockers.push(notEnforced(name, relation));
  }
  const identifying = table.indexes.some((index) => index.unique && uses(index));
  if (table.replicaIdentity === 'index' && identifying)
    blockers.push(
      t(
        'The replica identity of {0} is an index that may use a column that becomes wider. Set it to another one, or to FULL, before the change (set-replica-identity).',
        relation,
      ),
    );
  for (const { name, columns: used } of table.dependents.statistics) {
    if (used.filter((column) => columns.includes(column)).length < 2) continue;
    blockers.push(
      t(
        'The statistics {0} use two columns that become wider. Drop them first (drop-statistics), and add them again after the change.',
        formatQualifiedName(name),
      ),
    );
  }
  for (const { sequence, by, others } of numbering) {
    if (by !== 'identity' || others.length === 0) continue;
    blockers.push(
      t(
        'The sequence {0} is part of an identity column, and something else uses it, too: {1}. Give that a sequence of its own first.',
        formatQualifiedName(sequence),
        others.join(', '),
      ),
    );
  }
  return blockers;
}

function foreignKeyBlockers({ name, from, definition }: WidenedForeignKey): string[] {
  const key = formatIdentifier(name);
  const relation = formatQualifiedName(from);
  if (/ NOT ENFORCED(?: |$)/.test(definition)) return [notEnforced(key, relation)];
  if (!/ ON (?:DELETE|UPDATE) SET DEFAULT/.test(definition)) return [];
  return [
    t(
      'The foreign key {0} of {1} sets a default when the row it refers to goes, which two columns that are kept equal cannot both do. Drop it before the change, and add it again after it.',
      key,
      relation,
    ),
  ];
}

function notEnforced(name: string, relation: string): string {
  return t(
    'The constraint {0} of {1} is not enforced, and another cannot take its place step by step. Drop it before the change, and add it again after it.',
    name,
    relation,
  );
}
