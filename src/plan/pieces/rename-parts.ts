import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { RenameColumn } from '../../assess/changes/rename-column';
import type { CopiedColumn } from '../../assess/copied-column';
import { countCodeReferences } from '../../assess/code-references';
import { dependentsOfColumn, type ColumnFacts, type TableFacts } from '../../catalog/table-facts';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { PlanOptions } from '../plan';
import type { RecipeContext } from '../recipe';
import { indexedTable, type IndexedTable } from './concurrent-index';
import { constraintCopies, type ConstraintCopy } from './constraint-copies';
import type { DualWrite } from '../../sql/dual-write';
import { fittingName, shortHash } from '../../sql/free-name';
import { indexCopies, type IndexCopy } from './index-copies';
import { lastTriggerName } from '../../sql/last-trigger-name';
import { notNullProof, type NotNullProof } from './not-null-proof';
import { repointPolicies } from './policy-repointing';
import { newColumnPublicationNotes } from './publication-notes';
import type { ColumnRenaming } from './rename-in-definition';
import { repointRoutines, type RoutineRepointing } from './routine-repointing';
import { statisticsCopies, type StatisticsCopy } from './statistics-copies';
import { uniqueTwiceNote } from './unique-twice-note';
import { repointViews, viewsOf, type Repointing } from './view-repointing';
import { watchingTriggers, type WatchingTriggers } from './watching-triggers';

/** Everything a rename makes, decided once, so that the phases that create it and drop it agree. */
export interface RenameParts {
  change: RenameColumn;
  table: TableFacts;
  column: ColumnFacts;
  /** What definitions leave out; null where that was not read. */
  copied: CopiedColumn | null;
  options: PlanOptions;
  codeReferences: number;
  renaming: ColumnRenaming;
  /** Null where the application writes both columns itself. */
  dual: DualWrite | null;
  triggers: WatchingTriggers;
  indexes: IndexCopy[];
  /** The old column's indexes as they are, each with a name for a second one. */
  originalIndexes: IndexCopy[];
  /** Names in use are added to as steps take more. */
  indexed: IndexedTable;
  constraints: ConstraintCopy[];
  /** The same of the old column, each as it is. */
  originals: ConstraintCopy[];
  statistics: StatisticsCopy[];
  notNull: NotNullProof;
  views: Repointing;
  policies: Repointing;
  routines: RoutineRepointing;
  /** Whether adding the column rewrites the table: a domain may have constraints. */
  rewrites: boolean;
  notes: string[];
}

/** Decides names and copies. Throws `not-found` where the table has no such column. */
export function renameParts(context: RecipeContext<RenameColumn>): RenameParts {
  const { change, assessment, options, parser } = context;
  const table = assessment.table;
  const column = table.columns.find((each) => each.name === change.from);
  if (!column) {
    throw new SwitchbackError(
      'not-found',
      t(
        'The table {0} has no column {1}. Check the name.',
        formatQualifiedName(table.name),
        formatIdentifier(change.from),
      ),
    );
  }
  const renaming: ColumnRenaming = { from: change.from, to: change.to };
  const indexed = indexedTable(assessment);
  const takenNames = indexed.taken;
  for (const { name } of table.indexes) takenNames.add(name.name);
  const major = assessment.server.major;
  const copied = assessment.copiedColumn ?? null;
  const own = { from: change.from, to: change.from };
  const parts = {
    change,
    table,
    column,
    copied,
    options,
    codeReferences: countCodeReferences(assessment.codeReferences, change).places,
    renaming,
    dual: options.dualWrite === 'trigger' ? dualWriteOf(table, column, change, major) : null,
    triggers: watchingTriggers(parser, table, renaming),
    indexes: indexCopies(parser, table, renaming, takenNames, copied?.indexes),
    originalIndexes: indexCopies(parser, table, own, takenNames, copied?.indexes),
    indexed,
    constraints: constraintCopies(parser, table, renaming),
    originals: constraintCopies(parser, table, own),
    statistics: statisticsCopies(parser, table, renaming, copied?.statistics),
    notNull: column.notNull ? notNullProof(table, change.to, major) : { steps: [], cleanUp: [] },
    views: repointViews(parser, table, renaming),
    policies: repointPolicies(parser, table, renaming),
    routines: repointRoutines(parser, table, renaming),
    rewrites: column.typeKind === 'domain',
  };
  return { ...parts, notes: notesOf(parts, major) };
}

function dualWriteOf(table: TableFacts, column: ColumnFacts, change: RenameColumn, major: number): DualWrite {
  const id = shortHash(JSON.stringify([table.name, change.from, change.to]));
  const stem = fittingName(`switchback_rename_${change.from}`, '');
  const triggerName = lastTriggerName(
    `switchback_${id}`,
    table.triggers.map((trigger) => trigger.name),
    table.partitioning !== null,
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
  const leaves = table.partitioning?.leaves;
  return {
    table: table.name,
    from: change.from,
    to: change.to,
    toType: null,
    fromHasDefault: column.default !== null || column.domainDefault !== undefined || column.identity !== null,
    functionName: { schema: table.name.schema, name: fittingName(stem, `_${id}`) },
    triggerName,
    // PostgreSQL 12 refuses BEFORE ROW triggers on a partitioned table; 13 clones them to its partitions.
    triggerTables: leaves !== undefined && major < 13 ? leaves : [table.name],
  };
}

function notesOf(parts: Omit<RenameParts, 'notes'>, major: number): string[] {
  const { table, column, change } = parts;
  const relation = formatQualifiedName(table.name);
  const notes = [...parts.views.notes, ...parts.policies.notes, ...parts.routines.notes];
  const fillsItself = column.default !== null || column.domainDefault !== undefined;
  if (parts.dual !== null && fillsItself && !column.notNull) {
    notes.push(
      t(
        'Until contract, an INSERT that sets {0} to NULL explicitly gets the default of {1}: the dual write cannot tell it from an old writer.',
        formatIdentifier(change.to),
        formatIdentifier(change.from),
      ),
    );
  }
  notes.push(...newColumnPublicationNotes(table, change.to, change.from));
  if (parts.indexes.some(({ original }) => original.unique)) notes.push(uniqueTwiceNote());
  if (parts.dual !== null && table.partitioning !== null && major < 13) {
    notes.push(
      t(
        'Partitions of {0} made before contract need the dual-write trigger too: PostgreSQL 12 does not copy it.',
        relation,
      ),
    );
  }
  const foreign = viewsOf(table, change.from).filter((view) => view.owner !== table.owner);
  if (foreign.length > 0) {
    notes.push(
      t(
        'These views belong to others, and only their owner may replace them: {0}. Run the repointing step as a member of both.',
        foreign.map((view) => `${formatQualifiedName(view.name)} (${view.owner})`).join(', '),
      ),
    );
  }
  const setting = beforeTriggers(table, change.from);
  if (setting.length > 0) {
    notes.push(
      t(
        'These BEFORE triggers use {0}: {1}. One that sets it sees only writes of the old name; make its function set {2} too with the release.',
        formatIdentifier(change.from),
        setting.join(', '),
        formatIdentifier(change.to),
      ),
    );
  }
  if (table.replicaIdentity === 'index' && parts.indexes.some((index) => index.original.unique)) {
    notes.push(
      t(
        'The replica identity of {0} is an index. Set it again after contract if it used {1}.',
        relation,
        formatIdentifier(change.from),
      ),
    );
  }
  if (parts.indexes.some((index) => index.original.constraint !== null) && table.partitioning !== null) {
    notes.push(
      t(
        'A UNIQUE constraint of the partitioned table {0} becomes a unique index: PostgreSQL cannot make it a constraint without building it again.',
        relation,
      ),
    );
  }
  if (parts.dual === null) notes.push(...applicationNotes(parts));
  notes.push(
    t(
      '{0} becomes the last column of {1}: code that reads SELECT * by position has to be changed.',
      formatIdentifier(change.to),
      relation,
    ),
  );
  return notes;
}

/** What the application's own dual write does not reach. */
function applicationNotes({ table, change }: Pick<RenameParts, 'table' | 'change'>): string[] {
  const notes = [
    t(
      'Jobs, scripts and people that write {0} of {1} have to write {2} too from the first release on: nothing in the database does it for them.',
      formatIdentifier(change.from),
      formatQualifiedName(table.name),
      formatIdentifier(change.to),
    ),
  ];
  const views = viewsOf(table, change.from);
  if (views.length > 0) {
    notes.push(
      t(
        'A write through these views reaches one of the two columns only; write the table itself: {0}.',
        views.map((view) => formatQualifiedName(view.name)).join(', '),
      ),
    );
  }
  return notes;
}

/** BEFORE triggers whose function mentions the column. */
export function beforeTriggers(table: TableFacts, column: string): string[] {
  const using = dependentsOfColumn(table.dependents, column).routines.map((routine) =>
    formatQualifiedName(routine.name),
  );
  return table.triggers
    .filter(
      (trigger) =>
        / BEFORE /.test(trigger.definition) && using.includes(formatQualifiedName(trigger.function)),
    )
    .map((trigger) => trigger.name);
}
