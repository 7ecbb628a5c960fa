import { dependentsOfColumn, type TableFacts } from '../../catalog/table-facts';
import type { StatisticsRemarks } from '../../assess/copied-column';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { copyName } from '../../sql/free-name';
import { renameInStatistics, type ColumnRenaming } from './rename-in-definition';

/** Extended statistics on the new column that stand for those on the old. */
export interface StatisticsCopy {
  name: QualifiedName;
  originalName: string;
  temporary: boolean;
  /** CREATE STATISTICS ... */
  definition: string;
  /** What that says nothing about: target, comment and owner. */
  remarks: string[];
}

/** Copies of the extended statistics that use the column. */
export function statisticsCopies(
  parser: SqlParser,
  table: TableFacts,
  renaming: ColumnRenaming,
  known: readonly StatisticsRemarks[] = [],
): StatisticsCopy[] {
  const originals = table.dependents.statistics;
  const taken = new Set(originals.map((each) => each.name.name));
  return dependentsOfColumn(table.dependents, renaming.from).statistics.map((original) => {
    const { name, temporary } = copyName(original.name.name, renaming.from, renaming.to, taken);
    taken.add(name);
    const copy = { schema: original.name.schema, name };
    const definition = renameInStatistics(parser, original.definition, copy, renaming);
    const found = known.find((each) => formatQualifiedName(each.name) === formatQualifiedName(original.name));
    const remarks = found === undefined ? [] : remarksOf(copy, found);
    return { name: copy, originalName: original.name.name, temporary, definition, remarks };
  });
}

function remarksOf(name: QualifiedName, { comment, owner, target }: StatisticsRemarks): string[] {
  const quoted = formatQualifiedName(name);
  return [
    ...(target === null ? [] : [`ALTER STATISTICS ${quoted} SET STATISTICS ${target}`]),
    ...(comment === null ? [] : [`COMMENT ON STATISTICS ${quoted} IS ${quoteLiteral(comment)}`]),
    // They belong to whoever defines them, not to the owner of the table.
    `ALTER STATISTICS ${quoted} OWNER TO ${formatIdentifier(owner)}`,
  ];
}

/** DROP STATISTICS of a copy. */
export function dropStatistics(copy: StatisticsCopy): string {
  return `DROP STATISTICS ${formatQualifiedName(copy.name)}`;
}

/** Statements of the contract phase, after the old column has gone. */
export function finalStatisticsNames(copies: readonly StatisticsCopy[]): string[] {
  return copies
    .filter((copy) => copy.temporary)
    .map(
      (copy) =>
        `ALTER STATISTICS ${formatQualifiedName(copy.name)} RENAME TO ${formatIdentifier(copy.originalName)}`,
    );
}
