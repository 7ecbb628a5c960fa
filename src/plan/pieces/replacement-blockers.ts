import type { Assessment } from '../../assess/assessment';
import type { ColumnReplacement } from '../../assess/column-replacement';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { columnRemovalBlockers } from './column-removal-blockers';
import { fillTriggerBlockers } from './fill-trigger';

/** What stops columns from taking the place of others, each with the way out. */
export function replacementBlockers(replacement: ColumnReplacement, assessment: Assessment): string[] {
  const { table, columnReplacement } = assessment;
  const old = replacement.old.map(({ column }) => column);
  const without = { ...assessment, table: withoutWhatGoes(table, old) };
  const removal = old.flatMap((column) =>
    columnRemovalBlockers(
      { kind: 'drop-column', table: table.name, column, backup: false, value: null },
      without,
    ),
  );
  return [
    ...new Set([
      ...removal,
      ...fillTriggerBlockers(table, columnReplacement?.others ?? []),
      ...domainBlockers(assessment),
    ]),
  ];
}

/** The table without indexes and constraints that are about these columns alone: they go when all of them go. */
function withoutWhatGoes(table: TableFacts, old: readonly string[]): TableFacts {
  if (old.length < 2 || table.replicaIdentity === 'index') return table;
  const goes = (columns: readonly string[]): boolean => columns.every((column) => old.includes(column));
  return {
    ...table,
    indexes: table.indexes.filter((index) => !goes([...index.columns, ...index.expressionColumns])),
    constraints: table.constraints.filter(({ columns }) => columns.length === 0 || !goes(columns)),
  };
}

function domainBlockers({ table, columnReplacement }: Assessment): string[] {
  return (columnReplacement?.domains ?? []).map(({ type, domain }) =>
    t(
      'A column of the domain {0}, which has constraints, rewrites {1} while nobody can read or write. Give the type {2}, and add the checks as constraints of the table after the change.',
      type,
      formatQualifiedName(table.name),
      domain.baseType,
    ),
  );
}
