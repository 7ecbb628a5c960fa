import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { createColumnCopy } from './column-copy';
import { migrationStep } from './plain-steps';
import { columnExists, triggerExists } from './sql-text';
import type { PhaseDraft } from './step-draft';
import { createMirror, dropMirror } from './type-mirror';
import type { TypeParts } from './type-parts';

/** One migration: the column beside, and the trigger that computes it with every write. */
export function typeExpand(parts: TypeParts): PhaseDraft {
  const { table, column, facts, beside, mirror, change } = parts;
  const relation = formatQualifiedName(table.name);
  const name = formatIdentifier(beside);
  const copied = { ...column, type: facts.type, collation: facts.collatable ? column.collation : null };
  const step = migrationStep({
    slug: 'add-column-and-trigger',
    title: t('Add {0} and the trigger that fills it', name),
    action: t(
      'Adds the column {0} of the type {1} to {2}, and a trigger that computes it from {3} with every write.',
      name,
      facts.type,
      relation,
      formatIdentifier(change.column),
    ),
    forward: [...createColumnCopy(table, copied, beside), ...createMirror(parts)],
    // The whole is locked before its partitions, as who writes to it does.
    rollback: [`ALTER TABLE ${relation} DROP COLUMN ${name}`, ...dropMirror(parts)],
    holds: [columnExists(table.name, beside), triggerExists(mirror.tables, mirror.triggerName)],
    expectation: t('The column {0} is there and its trigger is enabled.', name),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
  return { name: 'expand', goal: t('Every write has its value in the new type too.'), steps: [step] };
}
