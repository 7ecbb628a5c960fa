import type { Assessment } from '../../assess/assessment';
import { isOneToOne } from '../../assess/moved-columns';
import { foreignPartitionBlockers } from '../../assess/partition-tree';
import { columnOf } from '../../catalog/read-table-facts';
import type { ForeignKeyFacts, IndexFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { isWithin, movedForeignKeys } from './moved-columns-parts';
import { rowChangeBlockers } from './row-change-blockers';

/** What stops columns from going to the table that theirs refers to, each with the way out. */
export function movedColumnsBlockers(
  columns: readonly string[],
  key: ForeignKeyFacts,
  { table, movedColumns }: Assessment,
): string[] {
  const { target, partitions } = movedColumns!;
  return [
    ...rowChangeBlockers(target, []),
    ...(isPublishedUnnamed(table) ? rowChangeBlockers(table, []) : []),
    ...targetBlockers(table, target, columns),
    ...foreignPartitionBlockers(partitions),
    ...keyBlockers(table, key),
    ...(isOneToOne(table, key) ? [] : severalBlockers(table, columns, key)),
    ...columns.flatMap((column) => columnBlockers(column, table)),
    ...ruleBlockers(columns, table),
    ...sameValueBlockers(columns, table),
    ...(target.partitioning === null ? [] : uniqueBlockers(columns, table, target)),
  ];
}

/** A table that is only inserted into may be published so; from now on its rows change, too. */
function isPublishedUnnamed({ publications, replicaIdentity, primaryKey }: TableFacts): boolean {
  if (publications.length === 0) return false;
  return replicaIdentity === 'nothing' || (replicaIdentity === 'default' && primaryKey === null);
}

function targetBlockers(table: TableFacts, target: TableFacts, columns: readonly string[]): string[] {
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  const blockers: string[] = [];
  if (!target.mayAlter)
    blockers.push(t('{0} belongs to {1}. Connect as that user.', to, formatIdentifier(target.owner)));
  else if (target.owner !== table.owner)
    blockers.push(
      t(
        '{0} belongs to {1} and {2} to {3}, and triggers write both by the rights of one. Give them one owner first (ALTER TABLE ... OWNER TO).',
        relation,
        formatIdentifier(table.owner),
        to,
        formatIdentifier(target.owner),
      ),
    );
  if (table.rowSecurity.enabled)
    blockers.push(
      t(
        '{0} has row security, which does not hold for its columns in {1}. Drop the policies first (set-row-security), and see that those of {1} hide what they hid.',
        relation,
        to,
      ),
    );
  if (target.rowSecurity.forced)
    blockers.push(
      t(
        '{0} has row security for its owner, too, which would hide rows from the triggers. Run ALTER TABLE {0} NO FORCE ROW LEVEL SECURITY first.',
        to,
      ),
    );
  const there = columns.filter((column) => target.columns.some(({ name }) => name === column));
  for (const column of there)
    blockers.push(
      t(
        '{0} has a column {1} already. Rename one of both first (rename-column).',
        to,
        formatIdentifier(column),
      ),
    );
  return blockers;
}

function keyBlockers(table: TableFacts, key: ForeignKeyFacts): string[] {
  const name = formatIdentifier(key.name);
  const facts = table.constraints.find((each) => each.name === key.name);
  const empty = key.fromColumns.filter((column) => !columnOf(table, column).notNull);
  return [
    ...(key.validated
      ? []
      : [t('The foreign key {0} is NOT VALID. Validate it first (VALIDATE CONSTRAINT).', name)]),
    ...(facts?.deferrable === true
      ? [
          t(
            'The foreign key {0} is deferrable: a row may be there before the one that gets its values. Make it not deferrable first (set-deferrable).',
            name,
          ),
        ]
      : []),
    ...(/\bPERIOD\b/.test(key.definition)
      ? [
          t(
            'The foreign key {0} is about periods, so that several rows may be meant. Name another one (--constraint).',
            name,
          ),
        ]
      : []),
    ...empty.map((column) =>
      t(
        'A row of {0} may be without {1}, and its values would have no place in the other table. Make it required first (set-not-null).',
        formatQualifiedName(table.name),
        formatIdentifier(column),
      ),
    ),
  ];
}

/** Where several rows refer to one. */
function severalBlockers(table: TableFacts, columns: readonly string[], key: ForeignKeyFacts): string[] {
  const relation = formatQualifiedName(table.name);
  const isFound = table.indexes.some(
    (index) =>
      index.valid &&
      !index.partial &&
      (index.method === 'btree' || index.method === 'hash') &&
      key.fromColumns.every((column) => index.columns.slice(0, key.fromColumns.length).includes(column)),
  );
  return [
    ...(isFound
      ? []
      : [
          t(
            'No index of {0} finds the rows of {1}, so that each write of the other table would read all of it. Add one first (add-index).',
            relation,
            key.fromColumns.map(formatIdentifier).join(', '),
          ),
        ]),
    ...uniqueIndexes(columns, table).map((index) =>
      t(
        'Several rows of {0} may refer to one, and are to have its value, which {1} allows once. Drop the index or constraint first.',
        relation,
        formatIdentifier(index.name.name),
      ),
    ),
  ];
}

function columnBlockers(column: string, table: TableFacts): string[] {
  const name = formatIdentifier(column);
  const facts = columnOf(table, column);
  if (facts.generated !== null)
    return [
      t(
        '{0} is generated, and nothing writes it in the other table. Add it there when the plan is done, and drop it here.',
        name,
      ),
    ];
  const isNumbered =
    facts.identity !== null || table.dependents.sequences.some(({ columns }) => columns.includes(column));
  if (isNumbered)
    return [
      t(
        '{0} gets its values from a sequence that would go with it. Drop the identity, or run ALTER SEQUENCE ... OWNED BY NONE, first.',
        name,
      ),
    ];
  if (facts.defaultVolatility !== 'volatile') return [];
  return [
    t(
      'The default of {0} gives each row another value, so that nobody knows whether a writer has given one. Drop the default first (drop-default), and let the application write the value.',
      name,
    ),
  ];
}

function ruleBlockers(columns: readonly string[], table: TableFacts): string[] {
  const cascading = new Set(
    movedForeignKeys(table, columns)
      .filter(({ definition }) => / ON DELETE CASCADE\b/.test(definition))
      .map(({ name }) => name),
  );
  return table.constraints
    .filter((constraint) => constraint.columns.some((column) => columns.includes(column)))
    .flatMap(({ name, kind, validated, deferrable }) => {
      const quoted = formatIdentifier(name);
      if (kind === 'unique' && deferrable)
        return [
          t(
            'The UNIQUE constraint {0} is deferrable: rows that exchange values would be refused in the other table, where they get them one by one. Drop it first, and add it there when the plan is done (add-unique).',
            quoted,
          ),
        ];
      if (kind === 'exclusion')
        return [
          t(
            'The exclusion constraint {0} would go with its columns. Drop it first, and add it to the other table when the plan is done.',
            quoted,
          ),
        ];
      if (cascading.has(name))
        return [
          t(
            'The foreign key {0} is ON DELETE CASCADE: on the other table it would delete the rows there. Replace it by one that does not.',
            quoted,
          ),
        ];
      if (validated || kind === 'not-null') return [];
      return [
        t(
          'The constraint {0} is NOT VALID, and the other table would refuse values that are there. Validate or drop it first.',
          quoted,
        ),
      ];
    });
}

/** Rows of the other table that none refers to have all the same: nothing, or the defaults. */
function sameValueBlockers(columns: readonly string[], table: TableFacts): string[] {
  return uniqueIndexes(columns, table)
    .filter(
      (index) =>
        /\bNULLS NOT DISTINCT\b/.test(index.definition) ||
        [...index.columns, ...index.expressionColumns].some(
          (column) => columnOf(table, column).default !== null,
        ),
    )
    .map((index) =>
      t(
        'Rows of the other table that none of {0} refers to would all have the same values, which the unique {1} allows once. Drop the default (drop-default), or the index or constraint, first.',
        formatQualifiedName(table.name),
        formatIdentifier(index.name.name),
      ),
    );
}

function uniqueIndexes(columns: readonly string[], table: TableFacts): IndexFacts[] {
  return table.indexes.filter(
    (index) => index.unique && isWithin([...index.columns, ...index.expressionColumns], columns),
  );
}

function uniqueBlockers(columns: readonly string[], table: TableFacts, target: TableFacts): string[] {
  return uniqueIndexes(columns, table).map((index) =>
    t(
      '{0} is partitioned, and what is unique over its partitions has to hold the columns it is partitioned by: {1} cannot be had there. Drop that first.',
      formatQualifiedName(target.name),
      formatIdentifier(index.name.name),
    ),
  );
}
