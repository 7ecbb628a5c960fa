import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { createColumnCopy } from './column-copy';
import { migrationStep } from './plain-steps';
import { columnExists, triggerExists } from './sql-text';
import { stepSlug, type PhaseDraft, type StepDraft } from './step-draft';
import { createMirror, dropMirror } from './widen-mirror';
import { nameOf, type WidenedPlace, type WidenParts } from './widen-parts';

/** Per table one migration: the wide columns beside, and the trigger that writes them with every write. */
export function widenExpand(parts: WidenParts): PhaseDraft {
  return {
    name: 'expand',
    goal: t('Every write has its value in the wide columns, too.'),
    steps: parts.places.map((place) => addStep(place, parts)),
  };
}

function addStep(place: WidenedPlace, { change }: WidenParts): StepDraft {
  const { table, columns, mirror } = place;
  const relation = formatQualifiedName(table.name);
  const names = columns.map(({ beside }) => formatIdentifier(beside)).join(', ');
  return migrationStep({
    slug: stepSlug(`add columns ${table.name.name}`),
    title: t('Add {0} to {1}, and the trigger that fills it', names, relation),
    action: t(
      'Adds {0} of the type {1}, and a trigger that gives it the value of {2} with every write.',
      names,
      change.type,
      columns.map(({ facts }) => formatIdentifier(facts.name)).join(', '),
    ),
    forward: [
      ...columns.flatMap(({ facts, beside }) =>
        createColumnCopy(table, { ...facts, type: change.type }, beside),
      ),
      ...createMirror(place),
    ],
    rollback: [
      ...columns.map(({ beside }) => `ALTER TABLE ${relation} DROP COLUMN ${formatIdentifier(beside)}`),
      ...dropMirror(place),
    ],
    holds: [
      ...columns.map(({ beside }) => columnExists(table.name, beside)),
      triggerExists([table.name], mirror.triggerName),
    ],
    expectation: t('{0} of {1} is there, and its trigger is enabled.', names, nameOf(place)),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}
