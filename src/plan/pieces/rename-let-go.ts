import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import { columnsEqualSql } from '../rename-equality';
import { backfillForecast, stepForecast } from '../step-forecast';
import { addCopy, type ConstraintCopy } from './constraint-copies';
import { freeName } from '../../sql/free-name';
import { constraintNames } from './not-null-proof';
import type { RenameParts } from './rename-parts';
import { letGoOfUnique } from './rename-unique';
import { imageDiffers } from '../../sql/image-differs';
import { columnIsNotNull, constraintExists, holdsQuery, regclass, sqlScript } from './sql-text';
import type { StepDraft } from './step-draft';
import { backfillWalk } from './walk';

/**
 * The steps before the application stops writing the old column: nothing that the column has may refuse a write
 * that leaves it out or finds an old value in it, and the way back has to be able to prove all of it again. They
 * end with the copy from new to old, which finds nothing to do here and everything on the way back.
 */
export function letGoSteps(parts: RenameParts): StepDraft[] {
  const limits = [...parts.originals.map(limitOf), ...notNullLimit(parts)];
  return [...unprove(parts, limits), ...drop(parts, limits), ...letGoOfUnique(parts), copyBack(parts)];
}

/** One rule on the old column, and the statements that take it away in two parts so that each has a cheap way back. */
interface Limit {
  /** Null where it was never validated. */
  unprove: { forward: string[]; prove: string[]; conclude: string[]; holds: string } | null;
  drop: string[];
  /** Adds it as NOT VALID. */
  add: string[];
  gone: string;
}

function limitOf(original: ConstraintCopy): Limit {
  const relation = formatQualifiedName(original.table);
  const name = original.originalName;
  const dropIt = `ALTER TABLE ${relation} DROP CONSTRAINT ${formatIdentifier(name)}`;
  const add = addCopy({ ...original, name });
  return {
    unprove: original.validate
      ? {
          forward: [dropIt, ...add],
          prove: [`ALTER TABLE ${relation} VALIDATE CONSTRAINT ${formatIdentifier(name)}`],
          conclude: [],
          holds: `NOT ${constraintExists(original.table, name, true)}`,
        }
      : null,
    drop: [dropIt],
    add,
    gone: `NOT ${constraintExists(original.table, name, false)}`,
  };
}

/** NOT NULL goes by way of something that can be NOT VALID: itself from PostgreSQL 18, a CHECK before. */
function notNullLimit(parts: RenameParts): Limit[] {
  const { table, column, change } = parts;
  if (!column.notNull) return [];
  const relation = formatQualifiedName(table.name);
  const from = formatIdentifier(change.from);
  const own = table.constraints.find(
    (each) => each.kind === 'not-null' && each.columns.includes(change.from),
  );
  const name = own?.name ?? freeName(`${table.name.name}_${change.from}`, '_filled', constraintNames(table));
  const constraint = formatIdentifier(name);
  const dropIt = `ALTER TABLE ${relation} DROP CONSTRAINT ${constraint}`;
  const definition = own ? `NOT NULL ${from}` : `CHECK (${from} IS NOT NULL)`;
  const add = addCopy({ table: table.name, name, definition, comment: own?.comment ?? null });
  const prove = [`ALTER TABLE ${relation} VALIDATE CONSTRAINT ${constraint}`];
  const alter = `ALTER TABLE ${relation} ALTER COLUMN ${from}`;
  return [
    {
      unprove: own
        ? {
            forward: [dropIt, ...add],
            prove,
            conclude: [],
            holds: `NOT ${constraintExists(table.name, name, true)}`,
          }
        : {
            forward: [...add, `${alter} DROP NOT NULL`],
            prove,
            conclude: [`${alter} SET NOT NULL`, dropIt],
            holds: `NOT ${columnIsNotNull(table.name, change.from)}`,
          },
      drop: [dropIt],
      add,
      gone: `NOT ${columnIsNotNull(table.name, change.from)}\n   AND NOT ${constraintExists(table.name, name, false)}`,
    },
  ];
}

function unprove(parts: RenameParts, limits: readonly Limit[]): StepDraft[] {
  const proved = limits.flatMap((limit) => limit.unprove ?? []);
  if (proved.length === 0) return [];
  const from = formatIdentifier(parts.change.from);
  return [
    {
      slug: 'unprove-old-name',
      kind: 'migration',
      title: t('Hold the constraints of {0} for new writes only', from),
      action: t(
        'They go on refusing what they refuse now, marked as NOT VALID. It is a step of its own so that the way back can prove them on every row while others go on working.',
      ),
      forward: sqlScript(proved.flatMap((limit) => limit.forward)),
      rollback: {
        kind: 'sql',
        // What needs the strong lock comes last, when nothing is left to read.
        sql: sqlScript([
          ...proved.flatMap((limit) => limit.prove),
          ...proved.flatMap((limit) => limit.conclude),
        ]),
      },
      verification: {
        sql: holdsQuery(...proved.map((limit) => limit.holds)),
        expectation: t('Nothing about {0} is marked as proved on every row.', from),
      },
      forecast: stepForecast('AccessExclusiveLock', 'catalog', parts.table),
    },
  ];
}

function drop(parts: RenameParts, limits: readonly Limit[]): StepDraft[] {
  const { table, change, column } = parts;
  if (limits.length === 0 && column.default === null) return [];
  const relation = formatQualifiedName(table.name);
  const from = formatIdentifier(change.from);
  const to = formatIdentifier(change.to);
  const alter = (name: string, words: string): string =>
    `ALTER TABLE ${relation} ALTER COLUMN ${name} ${words}`;
  const { default: value } = column;
  const move = (of: string, on: string): string[] =>
    value === null ? [] : [alter(on, `SET DEFAULT ${value}`), alter(of, 'DROP DEFAULT')];
  return [
    {
      slug: 'let-go-of-old-name',
      kind: 'migration',
      title: t('Let writers leave {0} out', from),
      action: t(
        'Drops what refuses a row without {0}, and what compares it with others; {1} has all of it. A default moves to {1}.',
        from,
        to,
      ),
      forward: sqlScript([...limits.flatMap((limit) => limit.drop), ...move(from, to)]),
      rollback: {
        kind: 'sql',
        sql: sqlScript([...move(to, from), ...[...limits].reverse().flatMap((limit) => limit.add)]),
      },
      verification: {
        sql: holdsQuery(
          ...limits.map((limit) => limit.gone),
          ...(value === null ? [] : [`NOT ${hasDefault(parts, change.from)}`, hasDefault(parts, change.to)]),
        ),
        expectation: t('A row may come without {0}.', from),
      },
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    },
  ];
}

function hasDefault({ table }: RenameParts, column: string): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = ${regclass(table.name)} ` +
    `AND attname = ${quoteLiteral(column)} AND attnum > 0 AND NOT attisdropped AND atthasdef)`
  );
}

function copyBack(parts: RenameParts): StepDraft {
  const { table, change, options } = parts;
  const [from, to] = [quoteIdentifier(change.from), quoteIdentifier(change.to)];
  const pending = imageDiffers(from, to);
  return {
    slug: 'copy-back',
    kind: 'backfill',
    title: t(
      'Keep the way back: copy {0} to {1}',
      formatIdentifier(change.to),
      formatIdentifier(change.from),
    ),
    action: t(
      'Both are equal now, so it finds nothing to do. On the way back it copies to {0} what was written to {1} alone, once every instance writes both again.',
      formatIdentifier(change.from),
      formatIdentifier(change.to),
    ),
    backfill: {
      table: table.name,
      assignments: [{ column: change.from, expression: to }],
      pending,
      walk: backfillWalk(table, [change.to, change.from]),
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    againOnRollback: true,
    rollback: {
      kind: 'sql',
      sql: sqlScript([
        // A policy would hide rows silently.
        'SET LOCAL row_security = off',
        `UPDATE ${formatQualifiedName(table.name)}\n   SET ${from} = ${to}\n WHERE ${pending}`,
      ]),
    },
    verification: { sql: columnsEqualSql(change), expectation: t('No row differs.') },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}
