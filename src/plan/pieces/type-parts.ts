import type { TypeChangeFacts } from '../../assess/type-change-facts';
import type { ChangeColumnType } from '../../assess/changes/change-column-type';
import { columnOf } from '../../catalog/read-table-facts';
import type { ColumnFacts, TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { fittingName, freeName, shortHash } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { lastTriggerName } from '../../sql/last-trigger-name';
import type { PlanOptions } from '../plan';
import type { RecipeContext } from '../recipe';
import { indexedTable, type IndexedTable } from './concurrent-index';
import { constraintCopies, type ConstraintCopy } from './constraint-copies';
import { indexCopies, type IndexCopy } from './index-copies';
import { notNullProof, type NotNullProof } from './not-null-proof';
import { newColumnPublicationNotes } from './publication-notes';
import { uniqueTwiceNote } from './unique-twice-note';
import { statisticsCopies, type StatisticsCopy } from './statistics-copies';

/** Everything a change of type beside the old column makes, decided once, so that its phases agree. */
export interface TypeParts {
  change: ChangeColumnType;
  table: TableFacts;
  column: ColumnFacts;
  facts: TypeChangeFacts;
  options: PlanOptions;
  /** The column beside it: with the new type until the swap, with the old one after it. */
  beside: string;
  mirror: MirrorTrigger;
  indexes: IndexCopy[];
  /** Names in use are added to as steps take more. */
  indexed: IndexedTable;
  constraints: ConstraintCopy[];
  statistics: StatisticsCopy[];
  notNull: NotNullProof;
  notes: string[];
}

/** The trigger that writes the column beside. */
export interface MirrorTrigger {
  functionName: QualifiedName;
  triggerName: string;
  /** The table itself, or each leaf where the server cannot put it on the parent. */
  tables: QualifiedName[];
  searchPath: string[];
}

/** Decides names and copies from what the assessment found. */
export function typeParts(context: RecipeContext<ChangeColumnType>): TypeParts {
  const { change, assessment, options, parser } = context;
  const { table, server } = assessment;
  const column = columnOf(table, change.column);
  const facts = assessment.typeChange ?? castFacts(change, column);
  const beside = freeName(change.column, '_switchback', new Set(table.columns.map(({ name }) => name)));
  const renaming = { from: change.column, to: beside };
  const indexed = indexedTable(assessment);
  const takenNames = indexed.taken;
  for (const { name } of table.indexes) takenNames.add(name.name);
  return {
    change,
    table,
    column,
    facts,
    options,
    beside,
    mirror: mirrorTrigger(table, change, facts, server.major),
    // In the end each has its original's name: the column keeps its own.
    indexes: indexCopies(parser, table, renaming, takenNames).map((copy) => ({ ...copy, temporary: true })),
    indexed,
    constraints: constraintCopies(parser, table, renaming).map((copy) => ({ ...copy, temporary: true })),
    statistics: statisticsCopies(parser, table, renaming).map((copy) => ({ ...copy, temporary: true })),
    notNull: column.notNull ? notNullProof(table, beside, server.major) : { steps: [], cleanUp: [] },
    notes: notesOf(table, change, facts, beside, server.major),
  };
}

/** Without the server's answer the careful way: as if the rows had to be rewritten. */
function castFacts(change: ChangeColumnType, column: ColumnFacts): TypeChangeFacts {
  const name = formatIdentifier(change.column);
  return {
    type: change.type,
    inPlace: false,
    forward: change.using ?? `CAST(${name} AS ${change.type})`,
    back: change.back ?? `CAST(${name} AS ${column.type})`,
    lossyRows: null,
    widening: false,
    collatable: false,
    schemas: [],
  };
}

function mirrorTrigger(
  table: TableFacts,
  change: ChangeColumnType,
  facts: TypeChangeFacts,
  major: number,
): MirrorTrigger {
  const id = shortHash(JSON.stringify([table.name, change.column, change.type]));
  const leaves = table.partitioning?.leaves;
  const triggerName = lastTriggerName(
    `switchback_${id}`,
    table.triggers.map((trigger) => trigger.name),
    leaves !== undefined,
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
      name: fittingName(fittingName(`switchback_type_${change.column}`, ''), `_${id}`),
    },
    triggerName,
    tables: leaves !== undefined && major < 13 ? leaves : [table.name],
    searchPath: ['pg_catalog', ...facts.schemas.filter((schema) => schema !== 'pg_catalog'), 'pg_temp'],
  };
}

function lossyNote(rows: number, relation: string, back: string): string {
  return rows === 1
    ? t(
        '1 row of {0} does not come back the same by {1}. Until contract a rollback gives it the value it had, unless it was written since.',
        relation,
        back,
      )
    : t(
        '{0} rows of {1} do not come back the same by {2}. Until contract a rollback gives them the value they had, unless they were written since.',
        rows,
        relation,
        back,
      );
}

/** Neither a length that is too great nor a number out of range is cut without a word. */
function refusedNote(table: TableFacts, change: ChangeColumnType, facts: TypeChangeFacts): string {
  const old = columnOf(table, change.column);
  return t(
    'While both types are kept, a write to {0} of {1} fails where its value has no form in the other one: until the swap that is {2}, from then on until contract {3}. What is to become of such values can be said with --using and --back.',
    formatIdentifier(change.column),
    formatQualifiedName(table.name),
    facts.type,
    old.type,
  );
}

function notesOf(
  table: TableFacts,
  change: ChangeColumnType,
  facts: TypeChangeFacts,
  beside: string,
  major: number,
): string[] {
  const column = formatIdentifier(change.column);
  const relation = formatQualifiedName(table.name);
  const notes = newColumnPublicationNotes(table, beside);
  if (facts.lossyRows !== null && facts.lossyRows > 0) {
    notes.push(lossyNote(facts.lossyRows, relation, facts.back));
  }
  if (!facts.widening && (change.using === null || change.back === null))
    notes.push(refusedNote(table, change, facts));
  if (table.indexes.some((index) => index.unique && index.columns.includes(change.column)))
    notes.push(uniqueTwiceNote());
  if (table.partitioning !== null && major < 13) {
    notes.push(
      t(
        'Partitions of {0} made before contract need the trigger too: PostgreSQL 12 does not copy it.',
        relation,
      ),
    );
  }
  notes.push(
    t(
      'While the plan runs {0} has a column {1} more: code that reads SELECT * by position or writes without a list of columns has to be changed first. In the end {2} is the last column.',
      relation,
      formatIdentifier(beside),
      column,
    ),
  );
  return notes;
}
