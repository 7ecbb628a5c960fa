import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { publicationsListing, setPublishedColumns } from './column-copy';
import { dropOriginals, finalConstraintNames } from './constraint-copies';
import { dropDualWrite } from '../../sql/dual-write';
import { finalIndexName, finalIndexRemarks } from './index-copies';
import { equalCheck } from './rename-checks';
import { unusedChecks } from './rename-migrate';
import type { RenameParts } from './rename-parts';
import { allHold, columnExists, holdsQuery, sqlScript } from './sql-text';
import { finalStatisticsNames } from './statistics-copies';
import type { PhaseDraft } from './step-draft';
import { uniqueConstraints } from './unique-constraints';
import { passIdentity, sequenceOptions } from './widen-numbering';

/** Looks once more, then drops the old column, and the dual write with it, in one migration. */
export function renameContract(parts: RenameParts): PhaseDraft {
  const { table, change } = parts;
  const { dual } = parts;
  // What the application stopped writing is behind by now, and may be.
  const checks = [...(dual === null ? [] : [equalCheck(table.name, parts.renaming)]), ...unusedChecks(parts)];
  const from = formatIdentifier(change.from);
  return {
    name: 'contract',
    goal: t('Only the new name is left.'),
    steps: [
      {
        slug: 'check-before-drop',
        kind: 'check',
        title: t('Look once more before {0} goes', from),
        action:
          dual === null
            ? t('Looks for what still uses the old column.')
            : t('Compares both columns on every row and looks for what still uses the old one.'),
        checks,
        verification: { sql: allHold(checks.map((check) => check.sql)), expectation: t('All checks hold.') },
        forecast: stepForecast('AccessShareLock', dual === null ? 'catalog' : 'scan', table),
      },
      {
        slug: 'drop-old-column',
        kind: 'migration',
        title: dual === null ? t('Drop {0}', from) : t('Drop {0} and the dual write', from),
        action:
          dual === null
            ? t('Drops the old column. Its indexes go with it.')
            : t(
                'Drops the trigger, its function and the old column. Its indexes and constraints go with it.',
              ),
        forward: sqlScript(contractStatements(parts)),
        rollback: {
          kind: 'no-return',
          why: t(
            'The old column is gone. To go on with the old name, rename the column back, which is a change of its own.',
          ),
        },
        verification: {
          sql: holdsQuery(
            `NOT ${columnExists(table.name, change.from)}`,
            columnExists(table.name, change.to),
          ),
          expectation: t('{0} is gone and {1} is there.', from, formatIdentifier(change.to)),
        },
        forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
      },
    ],
  };
}

function contractStatements(parts: RenameParts): string[] {
  const { table, change } = parts;
  const relation = formatQualifiedName(table.name);
  const without = (columns: readonly string[]): string[] => [
    ...columns.filter((column) => column !== change.from),
    change.to,
  ];
  return [
    ...parts.triggers.contract,
    ...publicationsListing(table, change.from).flatMap((publication) =>
      setPublishedColumns(table, publication, without(publication.columns!)),
    ),
    // The application's own dual write has ended with these gone already, and the default moved.
    ...(parts.dual === null ? [] : [...dropOriginals(parts.constraints), ...fillsItself(parts)]),
    ...parts.notNull.cleanUp,
    // The whole is locked before its partitions, as who writes to it does.
    `ALTER TABLE ${relation} DROP COLUMN ${formatIdentifier(change.from)}`,
    ...(parts.dual === null ? [] : dropDualWrite(parts.dual)),
    ...uniqueConstraints(parts),
    ...parts.indexes.flatMap((copy) => finalIndexName(copy) ?? []),
    ...finalIndexRemarks(parts.indexes),
    ...finalConstraintNames(parts.constraints),
    ...finalStatisticsNames(parts.statistics),
  ];
}

/** Default, owned sequence and identity move to the new column. */
function fillsItself(parts: RenameParts): string[] {
  const { table, change, column } = parts;
  const relation = formatQualifiedName(table.name);
  const to = formatIdentifier(change.to);
  const alter = `ALTER TABLE ${relation} ALTER COLUMN ${to}`;
  const numbering = parts.copied?.numbering.find(({ by }) => by === 'identity');
  if (column.identity !== null && numbering !== undefined) {
    const { sequence } = numbering;
    return passIdentity(numbering, {
      relation,
      always: column.identity === 'always',
      from: change.from,
      to: change.to,
      passing: { ...sequence, name: freeName(sequence.name, '_switchback', parts.indexed.taken) },
      options: sequenceOptions(numbering),
      call: 'SELECT',
    });
  }
  const owned = table.dependents.sequences.filter((sequence) => sequence.columns.includes(change.from));
  const moves = owned.map(
    (sequence) => `ALTER SEQUENCE ${formatQualifiedName(sequence.name)} OWNED BY ${relation}.${to}`,
  );
  if (column.default !== null) return [`${alter} SET DEFAULT ${column.default}`, ...moves];
  // Its domain's holds from now on.
  return column.domainDefault === undefined ? moves : [`${alter} DROP DEFAULT`, ...moves];
}
