import { fittingName, freeName } from '../../sql/free-name';
import { columnIsNotNull, constraintExists, regclass } from '../../plan/pieces/sql-text';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import type { AddColumn, MigrationChange, MigrationLanguage } from './answers';
import { backfillSql, type BackfillTarget } from './backfill-sql';
import { addedEmpty } from './changes/add-column';
import { batchRows, downNotes, keyMessage } from './changes/backfill';
import { alterTable, dropColumnSql } from './column-sql';
import {
  backfillTarget,
  checkpointName,
  defaultVolatility,
  keyOf,
  migrationOf,
  nameOfIndex,
  type MigrationMaterial,
} from './migration-of';
import type { MigrationSql } from './migration-sql';

/** A migration as a module with `up(db)` and `down(db)`: what its template is filled with. */
export type ScriptMigration = StatementsScript | IndexScript | BackfillScript;

interface ScriptHead {
  title: string;
  notes: string[];
  downNotes: string[];
}

/** Statements in one transaction each way. */
export interface StatementsScript extends ScriptHead {
  template: 'new-migration';
  up: string[];
  down: string[];
}

/** An index built outside a transaction. */
export interface IndexScript extends ScriptHead {
  template: 'new-index';
  create: string;
  drop: string;
  /** One row with `valid` where an index of that name is there, finished or not. */
  state: string;
}

/** Rows written in batches, with what has to happen before and after. */
export interface BackfillScript extends ScriptHead {
  template: 'new-backfill';
  batchRows: number;
  /** Queries of one row with `holds`. */
  fresh: string;
  keyHolds: string;
  keyMessage: string;
  /** One transaction: the checkpoint, and the column where it is new. */
  start: string[];
  lock: string;
  batch: string;
  /** What proves the column, each its own transaction; empty where nothing is to be proved. */
  proof: ScriptStep[];
  down: string[];
}

/** One transaction that is left out where it is done. */
export interface ScriptStep {
  why: string;
  /** A query of one row with `holds`. */
  done: string;
  statements: string[];
  /** Walk the rows once more after it. */
  walkAgain: boolean;
}

/** The module of a change. Throws `invalid-input` where something is neither given nor known. */
export function scriptMigration(change: MigrationChange, material: MigrationMaterial): ScriptMigration {
  switch (change.kind) {
    case 'backfill':
      return backfillScript(change.onlyEmpty, backfillTarget(change, material));
    case 'create-index':
      return indexScript(
        migrationOf(change, material),
        regclass({ schema: change.table.schema, name: nameOfIndex(change, material.table) }),
      );
    case 'add-column':
      return needsFilling(change, material.parser)
        ? requiredScript(change, material)
        : statementsScript(migrationOf(change, material));
    case 'empty':
    case 'drop-column':
    case 'rename-column':
    case 'change-type':
      return statementsScript(migrationOf(change, material));
  }
}

/** Whether the change walks rows, so that its key has to be given or known. SQL never fills a new column. */
export function needsKey(change: MigrationChange, language: MigrationLanguage, parser: SqlParser): boolean {
  if (change.kind === 'backfill') return true;
  return change.kind === 'add-column' && language !== 'sql' && needsFilling(change, parser);
}

function needsFilling(change: AddColumn, parser: SqlParser): boolean {
  return change.required && (change.fill !== null || defaultVolatility(change, parser) === 'volatile');
}

function statementsScript(migration: MigrationSql): StatementsScript {
  const { title, notes, downNotes, up, down } = migration;
  return { template: 'new-migration', title, notes, downNotes, up, down };
}

function indexScript(migration: MigrationSql, index: string): IndexScript {
  const { title, downNotes } = migration;
  return {
    template: 'new-index',
    title,
    notes: [
      t(
        'CONCURRENTLY lets reads and writes go on while the index is built. It refuses a transaction, and no lock_timeout is set: it queues nobody while it waits.',
      ),
      t(
        'A build that fails or is stopped leaves an index marked INVALID, which costs every write and helps no query: up(db) removes it and builds anew, and does nothing where the index is finished.',
      ),
    ],
    downNotes,
    create: migration.up[0]!,
    drop: migration.down[0]!,
    state: `select indisvalid as valid from pg_catalog.pg_index where indexrelid = ${index}`,
  };
}

function backfillScript(onlyEmpty: boolean, target: BackfillTarget): BackfillScript {
  const sql = backfillSql(target);
  return {
    template: 'new-backfill',
    title: t('Fill {0}.{1} in batches', formatQualifiedName(target.table), formatIdentifier(target.column)),
    notes: [
      walkNote(target),
      onlyEmpty
        ? t('Rows that have a value are left alone.')
        : t(
            'Every row is written once, those inserted behind the walk while it runs too. The new value must suit a row whoever wrote it.',
          ),
    ],
    downNotes: downNotes(formatIdentifier(target.column)),
    ...walkOf(sql),
    start: sql.create,
    proof: [],
    down: [sql.drop],
  };
}

function requiredScript(change: AddColumn, material: MigrationMaterial): BackfillScript {
  const target: BackfillTarget = {
    table: change.table,
    key: keyOf(change, material.table),
    column: change.column,
    expression: change.fill ?? change.default!,
    onlyEmpty: true,
    checkpoint: checkpointName(change.table, material),
  };
  const sql = backfillSql(target);
  const column = formatIdentifier(change.column);
  return {
    template: 'new-backfill',
    title: t('Add the required column {0} to {1}', column, formatQualifiedName(change.table)),
    notes: [
      t(
        'The column comes empty, is filled in batches and only then proved to have a value everywhere, so that neither a rewrite nor a scan happens while others are locked out.',
      ),
      walkNote(target),
      change.default === null
        ? t(
            'The column has no default: from the moment the check is added, a write that leaves it empty fails. Deploy code that writes it before. For old and new code side by side run "Switchback: Add a Required Column…".',
          )
        : t('Rows written from now on get the default.'),
      t(
        'The value must not be NULL for any row: the proof would stop there, and up(db) goes on from it once those rows have one.',
      ),
    ],
    downNotes: [t('What was written into the column goes with it. Take it back while nothing reads it.')],
    ...walkOf(sql),
    // The column last: its lock is held for as short as can be.
    start: [...sql.create, ...addedEmpty(change)],
    proof: proofOf(change, material, change.default === null ? [sql.restart] : []),
    down: [sql.drop, dropColumnSql(change, change.column)],
  };
}

function walkOf(
  sql: ReturnType<typeof backfillSql>,
): Pick<BackfillScript, 'batchRows' | 'fresh' | 'keyHolds' | 'keyMessage' | 'lock' | 'batch'> {
  return {
    batchRows,
    fresh: `select ${sql.fresh} as holds`,
    keyHolds: `select ${sql.keyHolds} as holds`,
    keyMessage: keyMessage(),
    lock: sql.lock,
    batch: sql.batch('$1::bigint'),
  };
}

/** https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL */
function proofOf(change: AddColumn, { table }: MigrationMaterial, restart: string[]): ScriptStep[] {
  const taken = new Set(table?.constraints.map((constraint) => constraint.name) ?? []);
  const name = freeName(fittingName(`${change.table.name}_${change.column}`, ''), '_required', taken);
  const constraint = formatIdentifier(name);
  const column = formatIdentifier(change.column);
  const required = columnIsNotNull(change.table, change.column);
  const exists = (validated: boolean): string => constraintExists(change.table, name, validated);
  return [
    {
      why: t('From now on every write needs a value. NOT VALID reads no row.'),
      done: `select ${required} or ${exists(false)} as holds`,
      statements: [
        `${alterTable(change)} add constraint ${constraint} check (${column} is not null) not valid`,
        ...restart,
      ],
      walkAgain: restart.length > 0,
    },
    {
      why: t('Reads every row while others go on reading and writing.'),
      done: `select ${required} or ${exists(true)} as holds`,
      statements: [
        'set local statement_timeout = 0',
        `${alterTable(change)} validate constraint ${constraint}`,
      ],
      walkAgain: false,
    },
    {
      why: t('The proven check spares SET NOT NULL its scan, and is not needed after it.'),
      done: `select ${required} as holds`,
      statements: [
        `${alterTable(change)} alter column ${column} set not null`,
        `${alterTable(change)} drop constraint ${constraint}`,
      ],
      walkAgain: false,
    },
  ];
}

function walkNote(target: BackfillTarget): string {
  return t(
    'Walks {0} by key range. Each batch is committed together with its checkpoint in the table {1}: whatever stops it, up(db) goes on behind the last batch, and no row is written twice.',
    formatQualifiedName(target.table),
    formatQualifiedName(target.checkpoint),
  );
}
