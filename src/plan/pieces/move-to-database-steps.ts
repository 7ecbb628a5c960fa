import { t } from '../../messages/translate';
import { formatQualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import { dropTrigger } from '../../sql/row-trigger';
import { sampledForecast, stepForecast } from '../step-forecast';
import { locklessForecast } from './lockless-forecast';
import { createMirrorFunction, dropMirrorFunction } from './mirror-table-trigger';
import {
  createBackTrigger,
  createCompareFunction,
  createForeignMirror,
  createForeignMirrorTriggers,
  createNextValues,
  dropForeignMirrorTriggers,
  isEqualThere,
  isMirroredThere,
} from './move-to-database-functions';
import type { DatabaseMoveParts } from './move-to-database-parts';
import { createForeignTable } from './move-to-database-tables';
import { checkStep, migrationStep } from './plain-steps';
import { rightsAgain } from './rights-again';
import { regclass, silenced, triggerExists } from './sql-text';
import type { StepDraft } from './step-draft';

/** What one row takes over a network nearby. */
const roundTrip = { rows: 1, milliseconds: 1 };

/** Makes the foreign table, after which the other database is reached from here. */
export function foreignTableStep(parts: DatabaseMoveParts): StepDraft {
  const { foreign, there } = parts;
  const name = formatQualifiedName(foreign);
  return migrationStep({
    slug: 'foreign-table',
    title: t('Create {0}, which leads to {1} of the other database', name, formatQualifiedName(there)),
    action: t(
      'It asks the other server for every column, and stops where there are rows already. Nobody uses it yet.',
    ),
    forward: [...createNextValues(parts), ...createForeignTable(parts), createCompareFunction(parts)],
    rollback: [
      // Copies that nothing keeps equal would be taken for current by a plan that begins again.
      silenced(
        'update-or-delete-whole-table',
        t('The table was empty before the plan, and its rows are copies.'),
        `DELETE FROM ${name}`,
      ),
      ...dropForeignSide(parts),
    ],
    holds: [isForeignTable(parts)],
    expectation: t('{0} is there, and answers.', name),
    forecast: locklessForecast(),
  });
}

/** Carries every write there from now on. */
export function mirrorThereStep(parts: DatabaseMoveParts): StepDraft {
  const { table, there, mirrorFunction } = parts;
  const relation = formatQualifiedName(table.name);
  return migrationStep({
    slug: 'mirror-writes',
    title: t('Carry writes of {0} to {1}', relation, formatQualifiedName(there)),
    action: t(
      'From now on triggers write every new, changed and deleted row there, too, when the transaction commits. Every transaction that writes {0} needs the other server and waits for it.',
      relation,
    ),
    forward: [...createForeignMirror(parts), ...createForeignMirrorTriggers(parts)],
    rollback: [...dropForeignMirrorTriggers(parts), `DROP FUNCTION ${formatQualifiedName(mirrorFunction)}()`],
    holds: [isMirroredThere(parts)],
    expectation: t('The trigger is there.'),
    forecast: stepForecast('ShareRowExclusiveLock', 'catalog', table),
  });
}

/** Copies the rows there that were here before the triggers. */
export function copyThereStep({ table, foreign, key, options, ...parts }: DatabaseMoveParts): StepDraft {
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(parts.there)];
  const rest = table.columns.map(({ name }) => name).filter((name) => !key.includes(name));
  return {
    slug: 'copy-rows',
    kind: 'backfill',
    title: t('Copy the rows of {0} to {1}', relation, to),
    action: t(
      'In small batches, one row after the other over the network. A row that is there already was written meanwhile, and stays as it is there.',
    ),
    backfill: {
      write: 'copy',
      table: table.name,
      into: foreign,
      columns: [...key, ...rest].map((column) => ({ column, expression: quoteIdentifier(column) })),
      conflict: [],
      pending: null,
      walk: { by: 'key', columns: key },
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    rollback: {
      kind: 'nothing',
      why: t('The copies go when the rollback of "foreign-table" empties the table.'),
    },
    verification: {
      sql: isEqualThere({ table, foreign, key, options, ...parts }),
      expectation: t('{0} and {1} have the same rows.', relation, to),
    },
    forecast: sampledForecast(table, options.batchMilliseconds, roundTrip),
  };
}

/** Compares both sides. `slug`: it is done more than once. */
export function equalThereStep(parts: DatabaseMoveParts, slug: string): StepDraft {
  const { table, there, compareFunction } = parts;
  const [relation, other] = [formatQualifiedName(table.name), formatQualifiedName(there)];
  return checkStep({
    slug,
    title: t('See that {0} and {1} have the same rows', relation, other),
    action: t(
      'Reads both once and compares every row by its key, value by value; rows that are written meanwhile are looked at again. A crash just after the other server has committed may leave a row there alone, which this finds: delete it there. Any UPDATE of a row here carries it there again.',
    ),
    checks: [
      {
        id: 'equal',
        title: t('Every row is in both, with the same values'),
        sql:
          `SELECT cardinality(found.differing) = 0 AS holds,\n` +
          `       ${quoteLiteral(`${t('rows that differ')}: `)} || cardinality(found.differing) || coalesce(' (' || array_to_string(found.differing[1:5], '; ') || ')', '') AS detail\n` +
          `  FROM (SELECT ${formatQualifiedName(compareFunction)}() AS differing) AS found`,
      },
    ],
    verification: {
      sql: isEqualThere(parts),
      expectation: t('{0} and {1} have the same rows.', relation, other),
    },
    forecast: stepForecast('AccessShareLock', 'scan', table),
  });
}

/**
 * The old name leads to the other database, for code that still uses it. No write is between two places: whoever wrote
 * here has committed on both sides when the lock is granted.
 */
export function standInStep(parts: DatabaseMoveParts): StepDraft {
  const { table, before, foreign, facts, back, there } = parts;
  const relation = formatQualifiedName(table.name);
  const columns = table.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const purpose = t(
    'Stands for {0} of another database until no code uses this name any more.',
    formatQualifiedName(there),
  );
  return migrationStep({
    slug: 'stand-in',
    title: t('Let {0} lead to the other database', relation),
    action: t(
      'Every instance has to be of the release that reads there, because older ones may write what foreign tables refuse. A view takes the name in one short transaction; no row is read or written. From then on the other database has the rows, and what is written through the view is carried back to {0}, so that the way back loses nothing.',
      formatQualifiedName(before),
    ),
    forward: [
      `LOCK TABLE ${relation} IN ACCESS EXCLUSIVE MODE`,
      ...dropForeignMirrorTriggers(parts),
      rename(relation, before.name),
      ...createMirrorFunction(back),
      createBackTrigger(parts),
      `CREATE VIEW ${relation} AS\n  SELECT ${columns}\n    FROM ${formatQualifiedName(foreign)}`,
      ...rightsAgain(`VIEW ${relation}`, facts.rights),
      `COMMENT ON VIEW ${relation} IS ${quoteLiteral(purpose)}`,
    ],
    rollback: [
      `DROP VIEW ${relation}`,
      dropTrigger(foreign, back.triggerName),
      dropMirrorFunction(back),
      rename(formatQualifiedName(before), table.name.name),
      ...createForeignMirrorTriggers(parts),
    ],
    holds: [
      `EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = ${regclass(table.name)} AND relkind = 'v')`,
      `${regclass(before)} IS NOT NULL`,
    ],
    expectation: t(
      '{0} is a view of the other database; the table before is {1}.',
      relation,
      formatQualifiedName(before),
    ),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

/** From here on the table before is left behind: the next release writes there without it. */
export function endWayBackStep(parts: DatabaseMoveParts): StepDraft {
  const { table, before, foreign, back } = parts;
  return migrationStep({
    slug: 'end-way-back',
    title: t('Carry nothing back any more'),
    action: t(
      '{0} stays behind from now on: what the next release writes in the other database cannot be carried back.',
      formatQualifiedName(before),
    ),
    forward: [dropTrigger(foreign, back.triggerName)],
    rollback: { noReturn: whyMoved(parts) },
    holds: [`NOT ${triggerExists([foreign], back.triggerName)}`],
    expectation: t('The trigger is gone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, foreign),
  });
}

/** Takes the old name away: every use that is left fails. */
export function endStandInStep(parts: DatabaseMoveParts): StepDraft {
  const { table, mirrorFunction, back } = parts;
  const relation = formatQualifiedName(table.name);
  return migrationStep({
    slug: 'end-stand-in',
    title: t('Take the name {0} away', relation),
    action: t('Every use that is left fails at once. The other database has all rows and keeps them.'),
    forward: [
      `DROP VIEW ${relation}`,
      ...dropForeignSide(parts),
      `DROP FUNCTION ${formatQualifiedName(mirrorFunction)}()`,
      dropMirrorFunction(back),
    ],
    rollback: { noReturn: whyMoved(parts) },
    holds: [`${regclass(table.name)} IS NULL`, `NOT ${isForeignTable(parts)}`],
    expectation: t('Nothing is called {0}, and nothing here leads to the other database.', relation),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

/** The rows as they were when the way back ended. */
export function dropBeforeStep(parts: DatabaseMoveParts): StepDraft {
  const { table, before } = parts;
  const name = formatQualifiedName(before);
  return migrationStep({
    slug: 'drop-before',
    title: t('Drop {0}', name),
    action: t('The table before the exchange goes with its rows, indexes and sequences.'),
    forward: [`DROP TABLE ${name}`],
    rollback: { noReturn: whyMoved(parts) },
    holds: [`${regclass(before)} IS NULL`],
    expectation: t('The table is gone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, before),
  });
}

/** Why there is no way back once the other database is written without this one. */
export function whyMoved({ there }: DatabaseMoveParts): string {
  return t(
    'From here on {0} of the other database has what nothing here has. To bring the rows back is a plan of its own, from there.',
    formatQualifiedName(there),
  );
}

function dropForeignSide({ foreign, compareFunction, nextValues }: DatabaseMoveParts): string[] {
  return [
    `DROP FUNCTION ${formatQualifiedName(compareFunction)}()`,
    `DROP FOREIGN TABLE ${formatQualifiedName(foreign)}`,
    ...nextValues.map(({ functionName }) => `DROP FUNCTION ${formatQualifiedName(functionName)}()`),
  ];
}

function isForeignTable({ foreign }: DatabaseMoveParts): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = ${regclass(foreign)} AND relkind = 'f')`;
}

function rename(relation: string, to: string): string {
  return silenced(
    'rename-table-or-schema',
    t('The other one takes the name in the same transaction.'),
    `ALTER TABLE ${relation} RENAME TO ${quoteIdentifier(to)}`,
  );
}
