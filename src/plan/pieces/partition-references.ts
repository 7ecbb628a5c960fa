import type { IncomingReference } from '../../assess/partition-references';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import type { PartitionParts } from './partition-parts-copy';
import { migrationStep } from './plain-steps';
import { constraintExists, silenced } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';

/**
 * Foreign keys to a table that becomes partitioned. They change over in the exchange without a row being read: a plain
 * table takes one to a partitioned table as NOT VALID, and it is proved afterwards while others go on working.
 * https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-LIMITATIONS
 */

/** Steps before the exchange: the way back proves each on its rows in a step of its own. */
export function unprovedReferenceSteps({ table, facts }: PartitionParts): StepDraft[] {
  return proved(facts.references).map((key) => {
    const from = formatQualifiedName(key.from);
    const quoted = formatIdentifier(key.name);
    return migrationStep({
      slug: stepSlug(`unprove ${key.name}`),
      title: t('Require {0} of new rows of {1} only', quoted, from),
      action: t(
        'The foreign key goes on refusing what it refuses now, marked as NOT VALID. It is a step of its own so that the way back can prove it on every row while others go on working.',
      ),
      forward: [dropReference(key, table), ...referenceAgain(key)],
      rollback: [validate(key)],
      holds: [`NOT ${constraintExists(key.from, key.name, true)}`],
      expectation: t('The foreign key {0} is not marked as proved on every row.', key.name),
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    });
  });
}

/** Steps after the exchange: each is proved to hold between the rows that are there. */
export function provedReferenceSteps({ table, facts }: PartitionParts): StepDraft[] {
  return proved(facts.references).map((key) => {
    const from = formatQualifiedName(key.from);
    return migrationStep({
      slug: stepSlug(`validate ${key.name}`),
      title: t('Validate {0}', formatIdentifier(key.name)),
      action: t('Reads every row of {0} while others go on reading and writing.', from),
      forward: [validate(key)],
      rollback: [dropReference(key, table), ...referenceAgain(key)],
      holds: [constraintExists(key.from, key.name, true)],
      expectation: t('The foreign key {0} is validated.', key.name),
      forecast: stepForecast('ShareUpdateExclusiveLock', 'scan', table, key.from),
    });
  });
}

/** First in the exchange. Who writes to a table that refers to another locks that one first, and so does this. */
export function referencesGo({ table, facts: { references } }: PartitionParts): string[] {
  if (references.length === 0) return [];
  const tables = [...new Set(references.map(({ from }) => formatQualifiedName(from)))].sort();
  return [
    `LOCK TABLE ${[...tables, formatQualifiedName(table.name)].join(', ')} IN ACCESS EXCLUSIVE MODE`,
    ...references.map((key) => dropReference(key, table)),
  ];
}

/** Last in the exchange: to the table that has the name then. */
export function referencesComeBack({ facts }: PartitionParts): string[] {
  return facts.references.flatMap(referenceAgain);
}

function proved(keys: readonly IncomingReference[]): IncomingReference[] {
  return keys.filter(({ validated }) => validated);
}

function dropReference({ from, name }: IncomingReference, { name: table }: TableFacts): string {
  return silenced(
    'drop-foreign-key-locks-both',
    t(
      'It is made again in the same short transaction; {0} is locked with it for that moment.',
      formatQualifiedName(table),
    ),
    `ALTER TABLE ${formatQualifiedName(from)} DROP CONSTRAINT ${formatIdentifier(name)}`,
  );
}

function referenceAgain({ from, name, definition, comment }: IncomingReference): string[] {
  const relation = formatQualifiedName(from);
  const quoted = formatIdentifier(name);
  const whole = definition.replace(/ NOT VALID$/, '');
  return [
    `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${quoted} ${whole} NOT VALID`,
    ...(comment === null
      ? []
      : [`COMMENT ON CONSTRAINT ${quoted} ON ${relation} IS ${quoteLiteral(comment)}`]),
  ];
}

function validate({ from, name }: IncomingReference): string {
  return `ALTER TABLE ${formatQualifiedName(from)} VALIDATE CONSTRAINT ${formatIdentifier(name)}`;
}
