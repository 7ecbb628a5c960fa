import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { indexIsValid, type IndexCopy } from './index-copies';
import type { RenameParts } from './rename-parts';
import { dollarQuoted } from '../../sql/dollar-quoted';
import { constraintExists, holdsQuery, regclass, sqlScript } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';

/**
 * Drops the unique indexes and UNIQUE constraints of the old column: a value that has fallen behind in one row must
 * not stand in the way of another row's, nor of the copy back.
 */
export function letGoOfUnique(parts: RenameParts): StepDraft[] {
  return parts.originalIndexes
    .filter((each) => each.original.unique)
    .flatMap((each) =>
      each.original.constraint === null
        ? [dropIndex(parts, each, each.original.name)]
        : letGoOfConstraint(parts, each, each.original.constraint),
    );
}

/** The way back builds it again while others go on writing. */
function dropIndex(parts: RenameParts, index: IndexCopy, name: IndexCopy['name']): StepDraft {
  return {
    slug: stepSlug(`drop ${name.name}`),
    kind: 'concurrent',
    title: t('Drop the unique index {0} of the old name', formatIdentifier(name.name)),
    action: t(
      'Values that are not written any more must not refuse new ones. The index on {0} refuses doubles from now on.',
      formatIdentifier(parts.change.to),
    ),
    forward: sqlScript([`DROP INDEX CONCURRENTLY ${formatQualifiedName(name)}`]),
    rollback: { kind: 'sql', sql: sqlScript([buildIndex(parts, index, name)]) },
    verification: {
      sql: holdsQuery(`${regclass(name)} IS NULL`),
      expectation: t('The index {0} is gone.', name.name),
    },
    forecast: stepForecast('ShareUpdateExclusiveLock', 'catalog', parts.table),
  };
}

function buildIndex({ table }: RenameParts, index: IndexCopy, name: IndexCopy['name']): string {
  return (
    `CREATE UNIQUE INDEX CONCURRENTLY ${formatIdentifier(name.name)}\n` +
    `  ON ${formatQualifiedName(table.name)} ${index.definition}`
  );
}

/**
 * A constraint can be put only on an index that is there, and an index is built without stopping writers only by a
 * statement of its own. So a second index stands in for the constraint's before that goes, and is what the way back
 * puts the constraint on.
 */
function letGoOfConstraint(parts: RenameParts, index: IndexCopy, constraint: string): StepDraft[] {
  const { table } = parts;
  const relation = formatQualifiedName(table.name);
  const name = formatIdentifier(constraint);
  const facts = table.constraints.find((each) => each.name === constraint);
  const deferrable = facts?.deferrable ? ` DEFERRABLE${facts.deferred ? ' INITIALLY DEFERRED' : ''}` : '';
  const comment = facts?.comment ?? null;
  const standIn = formatIdentifier(index.name.name);
  const putBack = [
    `ALTER TABLE ${relation} ADD CONSTRAINT ${name} UNIQUE USING INDEX ${standIn}${deferrable};`,
    ...(comment === null
      ? []
      : [`COMMENT ON CONSTRAINT ${name} ON ${relation} IS ${quoteLiteral(comment)};`]),
  ];
  const body =
    `BEGIN\n  IF ${constraintExists(table.name, constraint, false)} THEN\n` +
    `    DROP INDEX ${formatQualifiedName(index.name)};\n  ELSE\n` +
    `${putBack.map((statement) => `    ${statement}\n`).join('')}  END IF;\nEND`;
  return [
    {
      slug: stepSlug(`stand-in ${constraint}`),
      kind: 'concurrent',
      title: t('Build an index that stands in for {0}', name),
      action: t(
        'A second unique index like that of the constraint {0}, so that the way back can put the constraint on it without stopping writers.',
        name,
      ),
      forward: sqlScript([buildIndex(parts, index, index.name)]),
      rollback: { kind: 'sql', sql: sqlScript([`DO ${dollarQuoted(body)}`]) },
      verification: {
        sql: holdsQuery(
          `(${indexIsValid(index.name)}\n    OR NOT ${constraintExists(table.name, constraint, false)})`,
        ),
        expectation: t('The index {0} is valid, or no longer needed.', index.name.name),
      },
      forecast: stepForecast('ShareUpdateExclusiveLock', 'index-build', table),
    },
    {
      slug: stepSlug(`drop ${constraint}`),
      kind: 'migration',
      title: t('Drop the UNIQUE constraint {0}', name),
      action: t('Its index goes with it; the one that stands in still refuses doubles.'),
      forward: sqlScript([`ALTER TABLE ${relation} DROP CONSTRAINT ${name}`]),
      rollback: {
        kind: 'nothing',
        why: t('The rollback of the step before puts the constraint on the index that stands in for it.'),
      },
      verification: {
        sql: holdsQuery(`NOT ${constraintExists(table.name, constraint, false)}`),
        expectation: t('The constraint {0} is gone.', constraint),
      },
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    },
    dropIndex(parts, index, index.name),
  ];
}
