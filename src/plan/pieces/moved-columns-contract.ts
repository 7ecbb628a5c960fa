import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { Check } from '../plan';
import { stepForecast } from '../step-forecast';
import { areEqual, equalRowsCheck } from './moved-columns-migrate';
import { dropPush, endCarry, isRunning } from './moved-columns-mirror';
import type { MovedColumnsParts } from './moved-columns-parts';
import { notNullProof } from './not-null-proof';
import { checkStep, migrationStep } from './plain-steps';
import { proofCleanUp } from './proof-clean-up';
import { noNullsCheck } from './rename-checks';
import { firingTriggers } from './row-change-blockers';
import { allHold } from './sql-text';
import type { StepDraft } from './step-draft';
import { wholeFirst } from './whole-first';

/** Looks once more before anything goes. `unused`: what must not use the old place any more. */
export function lastLookStep(parts: MovedColumnsParts, unused: readonly Check[]): StepDraft {
  const filled = parts.required.map(({ name }, place) => ({
    ...noNullsCheck(parts.target.name, name),
    id: `filled-${place + 1}`,
  }));
  const checks = [...unused, equalRowsCheck(parts), ...filled];
  return checkStep({
    slug: 'check-before-drop',
    title: t('Look once more before the columns go'),
    action: t('Reads both tables once, and looks for what in the database still uses the old columns.'),
    checks,
    verification: {
      sql: allHold([...unused.map(({ sql }) => sql), areEqual(parts), ...filled.map(({ sql }) => sql)]),
      expectation: t('All checks hold.'),
    },
    forecast: stepForecast('AccessShareLock', 'scan', parts.table),
  });
}

/** By itself: who writes the one table locks it before the other one. */
export function endMirrorStep({ table, target, mirror }: MovedColumnsParts, why: string): StepDraft {
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  return migrationStep({
    slug: 'end-mirror',
    title: t('Carry nothing between {0} and {1} any more', relation, to),
    action: t('From now on the values are in {0} alone.', to),
    forward: [...wholeFirst(target), ...dropPush(mirror), ...endCarry(mirror)],
    rollback: { noReturn: why },
    holds: [`NOT ${isRunning(mirror.push)}`],
    expectation: t('The trigger of {0} is gone.', to),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', target),
  });
}

/** What was NOT NULL is so in the other table where every row of it has values. */
export function requireMovedSteps({ target, required, assessment }: MovedColumnsParts): StepDraft[] {
  return required.flatMap(({ name }) => {
    const { steps, cleanUp } = notNullProof(target, name, assessment.server.major);
    return [...steps, ...proofCleanUp(target, name, cleanUp)];
  });
}

/** Sentences that the reader of the plan should know. */
export function movedColumnsNotes({ table, target, single, columns, required }: MovedColumnsParts): string[] {
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  const firing = firingTriggers(target, 'UPDATE');
  const optional = columns.filter((column) => column.notNull && !required.includes(column));
  return [
    t(
      'Until contract, rows of {0} that refer to the same row of {1} are inserted by one transaction after the other.',
      relation,
      to,
    ),
    t(
      'Until contract an old and a new version that change the values of the same row in the same moment wait for each other; PostgreSQL ends one of both with a deadlock error, and it has to try again.',
    ),
    single
      ? t(
          'Until contract the values of a row of {0} go when the row of {1} that refers to it is deleted.',
          to,
          relation,
        )
      : t(
          'Rows of {0} that refer to the same row of {1} have the same values from now on: what one of them gets, all get.',
          relation,
          to,
        ),
    ...(firing.length === 0
      ? []
      : [
          t(
            'Triggers of {0} run for each row that is filled: {1}. What they write, such as the time of a change, is not taken back; see that they may.',
            to,
            firing.join(', '),
          ),
        ]),
    ...(target.privileges.some(({ column }) => column !== null)
      ? [
          t(
            'Rights on single columns of {0} were granted. Grant those on the new ones before the release.',
            to,
          ),
        ]
      : []),
    t('Who may read {0} as a whole may read these columns there; see that the rights are what you want.', to),
    ...(optional.length === 0
      ? []
      : [
          t(
            '{0} is not required in {1}, where rows are without it. When all have a value, require it (set-not-null).',
            optional.map(({ name }) => formatIdentifier(name)).join(', '),
            to,
          ),
        ]),
    ...target.publications
      .filter(({ columns: published }) => published !== null)
      .map(({ name }) =>
        t(
          'The publication {0} lists columns of {1}. Add these before the release.',
          formatIdentifier(name),
          to,
        ),
      ),
  ];
}
