import type { WidenKey } from '../../assess/changes/widen-key';
import type { RebuiltView } from '../../assess/rebuilt-views';
import type { Numbering } from '../../assess/widened-key-numbering';
import type { WidenedTable } from '../../assess/widened-key';
import { columnOf } from '../../catalog/read-table-facts';
import type { ColumnFacts, TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { fittingName, freeName, shortHash } from '../../sql/free-name';
import { formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { lastTriggerName } from '../../sql/last-trigger-name';
import type { SqlParser } from '../../sql/parser';
import type { PlanOptions } from '../plan';
import type { RecipeContext } from '../recipe';
import type { ConstraintCopy } from './constraint-copies';
import { constraintNames, notNullProof, type NotNullProof } from './not-null-proof';
import { renameInStatement, type ColumnRenaming } from './rename-in-definition';
import { columnTypeIs } from './sql-text';
import { statisticsCopies, type StatisticsCopy } from './statistics-copies';
import { movedForeignKeys, type MovedForeignKey } from './widen-foreign-keys';
import { widenedIndexes, type WidenedIndex } from './widen-indexes';

/** Everything that makes a key wider, decided once, so that its phases agree. */
export interface WidenParts {
  change: WidenKey;
  options: PlanOptions;
  /** Those that refer to others first, the table of the key last. */
  places: WidenedPlace[];
  foreignKeys: MovedForeignKey[];
  /** All tables with one of these keys, in the same order: also those whose column has been wide enough before. */
  locked: QualifiedName[];
  /** Views that show one of the columns, each behind all it reads. */
  views: RebuiltView[];
  /** SQL that is true once the columns have exchanged their names. */
  swapped: string;
}

/** One table with columns that become wider. */
export interface WidenedPlace {
  table: TableFacts;
  columns: WidenedColumn[];
  mirror: { functionName: QualifiedName; triggerName: string };
  /** Those of the primary key and of UNIQUE constraints. */
  keys: WidenedIndex[];
  indexes: WidenedIndex[];
  checks: ConstraintCopy[];
  statistics: StatisticsCopy[];
  numbering: Numbering[];
  /** Names that relations of its schema have, or get by the plan. */
  takenNames: ReadonlySet<string>;
}

export interface WidenedColumn {
  facts: ColumnFacts;
  /** The column beside it: with the wide type until the swap, with the narrow one after it. */
  beside: string;
  proof: NotNullProof | null;
}

/** Decides names and copies from what the assessment found. */
export function widenParts(context: RecipeContext<WidenKey>): WidenParts {
  const { change, assessment, options, parser } = context;
  const { tables, foreignKeys, views } = assessment.widenedKey!;
  const taken = new Map<string, Set<string>>();
  const places = tables
    .filter(({ columns }) => columns.length > 0)
    .map((table) => placeOf(table, taken, { change, parser, major: assessment.server.major }));
  const root = places.at(-1)!;
  return {
    change,
    options,
    places,
    foreignKeys: movedForeignKeys(parser, foreignKeys, tables, places),
    locked: tables.map(({ facts }) => facts.name),
    views,
    swapped: columnTypeIs(root.table.name, root.columns[0]!.facts.name, change.type),
  };
}

/** What one table is called in slugs and sentences. */
export function nameOf({ table }: Pick<WidenedPlace, 'table'>): string {
  return formatQualifiedName(table.name);
}

function placeOf(
  { facts: table, columns: names, indexes, numbering, takenNames }: WidenedTable,
  taken: Map<string, Set<string>>,
  { change, parser, major }: { change: WidenKey; parser: SqlParser; major: number },
): WidenedPlace {
  const inSchema = taken.get(table.name.schema) ?? new Set(takenNames);
  taken.set(table.name.schema, inSchema);
  const columns = columnsOf(table, names, major);
  const renamings = columns.map(({ facts, beside }) => ({ from: facts.name, to: beside }));
  const built = widenedIndexes(parser, table, { indexes, renamings, taken: inSchema });
  return {
    table,
    columns,
    mirror: mirrorOf(table, change),
    keys: built.filter(({ constraint }) => constraint !== null),
    indexes: built.filter(({ constraint }) => constraint === null),
    checks: checksOf(parser, table, renamings),
    statistics: renamings.flatMap((renaming) =>
      statisticsCopies(parser, table, renaming).map((copy) => ({ ...copy, temporary: true })),
    ),
    numbering,
    takenNames: inSchema,
  };
}

function columnsOf(table: TableFacts, names: readonly string[], major: number): WidenedColumn[] {
  const taken = new Set(table.columns.map(({ name }) => name));
  return names.map((name) => {
    const facts = columnOf(table, name);
    const beside = freeName(name, '_switchback', taken);
    taken.add(beside);
    return { facts, beside, proof: facts.notNull ? notNullProof(table, beside, major) : null };
  });
}

function checksOf(
  parser: SqlParser,
  table: TableFacts,
  renamings: readonly ColumnRenaming[],
): ConstraintCopy[] {
  const taken = constraintNames(table);
  const head = `ALTER TABLE ${formatQualifiedName(table.name)} ADD `;
  return table.constraints
    .filter(({ kind, columns }) => kind === 'check' && renamings.some(({ from }) => columns.includes(from)))
    .map((check) => {
      const name = freeName(check.name, '_switchback', taken);
      taken.add(name);
      const definition = renamings
        .reduce(
          (text, renaming) => renameInStatement(parser, text, renaming),
          head + check.definition.replace(/ NOT VALID$/, ''),
        )
        .slice(head.length);
      return {
        table: table.name,
        name,
        originalName: check.name,
        temporary: true,
        definition,
        comment: check.comment,
        validate: check.validated,
        kind: 'check' as const,
      };
    });
}

function mirrorOf(table: TableFacts, change: WidenKey): WidenedPlace['mirror'] {
  const id = shortHash(JSON.stringify([change.table, table.name, change.type]));
  const triggerName = lastTriggerName(
    `switchback_${id}`,
    table.triggers.map(({ name }) => name),
    false,
  );
  if (triggerName === null) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'A trigger of {0} has a name after which no other can sort. Rename that trigger first.',
        formatQualifiedName(table.name),
      ),
    );
  }
  return {
    functionName: {
      schema: table.name.schema,
      name: fittingName(fittingName(`switchback_wide_${table.name.name}`, ''), `_${id}`),
    },
    triggerName,
  };
}
