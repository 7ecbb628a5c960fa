import type { Assessment } from '../../assess/assessment';
import type { SplitTable } from '../../assess/changes/split-table';
import { columnOf } from '../../catalog/read-table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { columnRemovalBlockers } from './column-removal-blockers';
import { stayingKey } from './copy-split-parts';

/** What stops columns from going to a table of their own, each with the way out. */
export function splitTableBlockers(change: SplitTable, assessment: Assessment): string[] {
  const { table } = assessment;
  const relation = formatQualifiedName(table.name);
  const removal = change.columns.flatMap((column) =>
    columnRemovalBlockers(
      { kind: 'drop-column', table: change.table, column, backup: false, value: null },
      assessment,
    ),
  );
  return [
    ...new Set(removal),
    ...(stayingKey(table, change.columns) === null
      ? [
          t(
            'No key tells the rows of {0} apart without these columns. Add a primary key first (add-primary-key).',
            relation,
          ),
        ]
      : []),
    ...(table.rowSecurity.enabled
      ? [
          t(
            '{0} has row security, which the new table would not have. Drop the policies first (set-row-security), and set them up on both when the plan is done.',
            relation,
          ),
        ]
      : []),
    ...change.columns.flatMap((column) => columnBlockers(column, assessment)),
    ...ruleBlockers(change, assessment),
  ];
}

function columnBlockers(column: string, { table }: Assessment): string[] {
  const name = formatIdentifier(column);
  const facts = columnOf(table, column);
  if (facts.generated !== null)
    return [
      t(
        '{0} is generated, and nothing writes it in the new table. Add it there when the plan is done, and drop it here.',
        name,
      ),
    ];
  const isNumbered =
    facts.identity !== null || table.dependents.sequences.some(({ columns }) => columns.includes(column));
  if (!isNumbered) return [];
  return [
    t(
      '{0} gets its values from a sequence that would go with it. Drop the identity, or run ALTER SEQUENCE ... OWNED BY NONE, first.',
      name,
    ),
  ];
}

function ruleBlockers({ columns: gone }: SplitTable, { table }: Assessment): string[] {
  return table.constraints
    .filter(({ columns }) => columns.some((column) => gone.includes(column)))
    .flatMap(({ name, kind, validated }) => {
      const quoted = formatIdentifier(name);
      if (kind === 'exclusion')
        return [
          t(
            'The exclusion constraint {0} would go with its columns. Drop it first, and add it to the new table when the plan is done.',
            quoted,
          ),
        ];
      if (validated || kind === 'not-null') return [];
      return [
        t(
          'The constraint {0} is NOT VALID, and the new table would refuse rows that are there. Validate or drop it first.',
          quoted,
        ),
      ];
    });
}
