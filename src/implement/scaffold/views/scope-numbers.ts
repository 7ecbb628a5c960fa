import type { Assessment } from '../../../assess/assessment';
import { assessedTables } from '../../../assess/assess-together';
import { loadLines, statementCostText, statementUseText } from '../../../assess/load/load-text';
import { countCodeReferences } from '../../../assess/code-references';
import type { Dependents } from '../../../catalog/table-facts';
import type { ScopeSection } from '../../../documents/plan-document';
import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../../sql/identifier';
import { bytesText } from '../../../templates/bytes-text';
import { durationText } from '../../../templates/duration-text';
import { countText } from '../../../templates/rows-text';
import { countDependentObjects } from '../../../assess/dependents-of-change';

/** What was counted and measured. */
export function scopeNumbers(assessment: Assessment): ScopeSection['numbers'] {
  const { server, database, codeReferences, change } = assessment;
  const tables = assessedTables(assessment);
  const { places, files } = countCodeReferences(codeReferences, change);
  const numbers: [string, string][] = [
    [t('Database'), t('{0}, PostgreSQL {1}', database.label, server.version)],
    ...tables.flatMap((part) => named(part, tables.length, tableNumbers(part))),
    [t('Dependent objects'), String(countDependentObjects(assessment))],
    [t('Places in the code'), placesText(places, files, codeReferences.filesSearched)],
    [t('Replicas'), replicasText(assessment)],
    [t('Disk needed meanwhile'), diskText(assessment)],
    [t('Longest open transaction'), longestText(assessment)],
    [t('Replication slots'), slotsText(assessment)],
    ...tables.flatMap((part) => named(part, tables.length, loadNumbers(part))),
  ];
  return numbers.map(([what, number]) => ({ what, number }));
}

/** Where there are several tables each line says of which one it is. */
function named(
  { table }: Assessment,
  tables: number,
  lines: readonly [string, string][],
): [string, string][] {
  const relation = formatQualifiedName(table.name);
  return lines.map(([what, text]) => [tables === 1 ? what : t('{0} of {1}', what, relation), text]);
}

function tableNumbers({ table }: Assessment): [string, string][] {
  return [
    [t('Indexes'), String(table.indexes.length)],
    [
      t('Foreign keys'),
      t('{0} from here, {1} to here', table.foreignKeysOut.length, table.foreignKeysIn.length),
    ],
    [t('Triggers'), String(table.triggers.length)],
    [t('Partitions'), table.partitioning ? String(table.partitioning.count) : t('none')],
  ];
}

function loadNumbers({ load }: Assessment): [string, string][] {
  const lines = load === null ? [] : loadLines(load);
  return lines.map(({ what, text, note }) => [what, note === null ? text : `${text}; ${note}`]);
}

function replicasText({ server }: Assessment): string {
  if (server.replicas === null) return t('not known: no right to see them');
  if (server.replicas.length === 0) return t('none');
  return server.replicas
    .map((replica) =>
      replica.lagBytes === null
        ? replica.name
        : t('{0} ({1} behind)', replica.name, bytesText(replica.lagBytes)),
    )
    .join(', ');
}

function slotsText({ server }: Assessment): string {
  if (server.slots.length === 0) return t('none');
  return server.slots
    .map(({ name, active, keptBytes }) =>
      active ? name : t('{0} (nobody reads it, {1} kept)', name, bytesText(keptBytes)),
    )
    .join(', ');
}

const shownStatements = 10;

/** The statements that use the table, heaviest first, as pg_stat_statements counted them. */
export function statementRows(assessment: Assessment): ScopeSection['statements'] {
  const statements = assessedTables(assessment).flatMap(({ load }) => load?.statements ?? []);
  return statements.slice(0, shownStatements).map((statement) => ({
    text: statement.text,
    cost: statementCostText(statement),
    use: statementUseText(statement),
  }));
}

function diskText({ server }: Assessment): string {
  const { heapBytes, indexBytes, walBytes, freeBytes } = server.disk;
  const need = t(
    '{0}, of that {1} of WAL',
    bytesText(heapBytes + indexBytes + walBytes),
    bytesText(walBytes),
  );
  return freeBytes === null ? need : t('{0}; {1} are free', need, bytesText(freeBytes));
}

function longestText({ server }: Assessment): string {
  const longest = Math.max(0, ...server.longTransactions.map((transaction) => transaction.milliseconds));
  return longest === 0 ? t('none at the time of assessment') : durationText(longest);
}

/** What depends on the column, by kind. */
export function dependentLists(dependents: Dependents): ScopeSection['dependents'] {
  const lists: [string, string[]][] = [
    [t('Views'), dependents.views.map((view) => formatQualifiedName(view.name))],
    [t('Routines'), dependents.routines.map((routine) => routine.signature)],
    [
      t('Policies'),
      dependents.policies.map((policy) =>
        t('{0} on {1}', formatIdentifier(policy.name), formatQualifiedName(policy.table)),
      ),
    ],
    [t('Generated columns'), dependents.generatedColumns.map((column) => formatIdentifier(column.column))],
    [t('Triggers'), dependents.triggers.map((trigger) => formatIdentifier(trigger.name))],
    [t('Statistics'), dependents.statistics.map((statistics) => formatQualifiedName(statistics.name))],
    [
      t('Indexes on expressions'),
      dependents.expressionIndexes.map((index) => formatQualifiedName(index.name)),
    ],
    [t('Checks'), dependents.checks.map((check) => formatIdentifier(check.name))],
    [t('Rules'), dependents.rules.map((rule) => formatIdentifier(rule.name))],
    [t('Sequences'), dependents.sequences.map((sequence) => formatQualifiedName(sequence.name))],
  ];
  return lists.filter(([, names]) => names.length > 0).map(([what, names]) => ({ what, names }));
}

function placesText(places: number, files: number, searched: number): string {
  return searched === 1
    ? t('{0}, in {1} of 1 file searched', countText(places), countText(files))
    : t('{0}, in {1} of {2} files searched', countText(places), countText(files), countText(searched));
}
