import { namesOf } from '../../assess/column-replacement';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { createColumnCopy } from './column-copy';
import { dropFillTrigger } from './fill-trigger';
import { migrationStep } from './plain-steps';
import type { NewColumn, ReplacementParts } from './replacement-parts';
import { createReplacementTrigger } from './replacement-trigger';
import { columnExists, triggerExists } from './sql-text';
import type { PhaseDraft } from './step-draft';

/** One migration: the new columns, and the trigger that computes them with every write. */
export function replacementExpand(parts: ReplacementParts): PhaseDraft {
  const { table, trigger, new: added } = parts;
  const relation = formatQualifiedName(table.name);
  const names = namesOf(added);
  const bothWays = parts.old.some(({ back }) => back !== null);
  const step = migrationStep({
    slug: 'add-columns-and-trigger',
    title: t('Add {0} and the trigger', names),
    action: bothWays
      ? t(
          'Adds {0} to {1}, empty and without default, and a trigger: who writes {2} fills them, and who writes them fills {2}.',
          names,
          relation,
          namesOf(parts.old),
        )
      : t(
          'Adds {0} to {1}, empty and without default, and a trigger that fills it from {2} with every write.',
          names,
          relation,
          namesOf(parts.old),
        ),
    forward: [...added.flatMap((column) => addColumn(parts, column)), ...createReplacementTrigger(parts)],
    rollback: [
      // The table itself is locked before its partitions, as writers do it.
      ...added.map(({ column }) => `ALTER TABLE ${relation} DROP COLUMN ${formatIdentifier(column)}`),
      ...dropFillTrigger(trigger),
    ],
    holds: [
      ...added.map(({ column }) => columnExists(table.name, column)),
      triggerExists(trigger.tables, trigger.triggerName),
    ],
    expectation: t('{0} is there, and the trigger is enabled.', names),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
  return { name: 'expand', goal: t('Every write has its new values too.'), steps: [step] };
}

/** Who may do something with every old column may do it with the new one. */
function addColumn({ table, old }: ReplacementParts, { column, type }: NewColumn): string[] {
  const [first, ...rest] = old;
  const { domainDefault: _ofTheOld, ...facts } = first!.facts;
  const original = { ...facts, type, collation: null, comment: null, statisticsTarget: null };
  return createColumnCopy(
    sharedPrivileges(
      table,
      rest.map((each) => each.column),
    ),
    original,
    column,
  );
}

function sharedPrivileges(table: TableFacts, columns: readonly string[]): TableFacts {
  const privileges = table.privileges.filter((one) =>
    columns.every((column) =>
      table.privileges.some(
        (other) =>
          other.column === column && other.grantee === one.grantee && other.privilege === one.privilege,
      ),
    ),
  );
  return { ...table, privileges };
}
