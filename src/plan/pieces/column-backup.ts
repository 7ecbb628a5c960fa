import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { shortHash } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteIdentifier,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import { ownerAlone } from './owner-alone';
import { migrationStep } from './plain-steps';
import { columnExists } from './sql-text';
import type { StepDraft } from './step-draft';
import { backfillWalk } from './walk';

/** The table that keeps a dropped column's values. */
export function columnBackupName({ name }: TableFacts, column: string): QualifiedName {
  return { schema: name.schema, name: `switchback_kept_${shortHash(JSON.stringify([name, column]))}` };
}

/** Copies key and value of every row to a table of their own. */
export function columnBackupStep(table: TableFacts, column: string): StepDraft {
  const walk = backfillWalk(table, [column]);
  const key = walk.by === 'key' ? walk.columns : [];
  const backup = columnBackupName(table, column);
  const name = formatQualifiedName(backup);
  const relation = formatQualifiedName(table.name);
  const columns = [...key, column].map((each) => quoteIdentifier(each)).join(', ');
  const purpose = t(
    'The values of {0} of {1}, kept by Switchback before the column was dropped.',
    formatIdentifier(column),
    relation,
  );
  return migrationStep({
    slug: 'keep-values',
    title: t('Keep the values of {0}', formatIdentifier(column)),
    action: t(
      'Copies the key and the value of every row to {0}. It is an ordinary read: others go on reading and writing.',
      name,
    ),
    forward: [
      // A policy would leave rows out silently.
      ...(table.rowSecurity.enabled ? ['SET LOCAL row_security = off'] : []),
      acceptFinding(
        'copy-of-live-table',
        t('nobody writes the column any more'),
        `CREATE TABLE ${name} AS\n  SELECT ${columns}\n    FROM ${relation}`,
      ),
      ownerAlone(backup),
      `COMMENT ON TABLE ${name} IS ${quoteLiteral(purpose)}`,
    ],
    rollback: [`DROP TABLE ${name}`],
    holds: [columnExists(backup, column)],
    expectation: t('The values are in {0}.', name),
    forecast: stepForecast('AccessShareLock', 'scan', table),
  });
}
