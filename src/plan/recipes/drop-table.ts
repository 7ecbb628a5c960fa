import type { DropTable } from '../../assess/changes/drop-table';
import { dependentsOfTable, routinesOfTable, tableUse } from '../../assess/leaving-table';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { dumpCommand, restoreCommand } from '../pieces/kept-in-file';
import { leavingPhase } from '../pieces/leaving-release';
import { checkStep, migrationStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { referencesSentence } from '../pieces/references-sentence';
import { allHold, regclass } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Check } from '../plan';
import type { Recipe, RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';

type Context = RecipeContext<DropTable>;

/** Days out of sight: long enough for a job that runs weekly to fail while it can be mended. */
const daysOutOfSight = 7;

/** Drops a table that nobody uses any more: first out of sight, where every use that is left fails and can be mended. */
export const dropTableRecipe: Recipe<DropTable> = {
  id: 'drop-table',
  blockers: () => [],
  phases: (context) => {
    const { assessment, options } = context;
    const relation = formatQualifiedName(assessment.table.name);
    const hidden = hiddenName(context);
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        leavingPhase({
          rule: t('the table {0}', relation),
          instructions:
            t('Make no code read or write {0} any more, and release it to all instances.', relation) +
            referencesSentence(assessment),
          present: `${regclass(assessment.table.name)} IS NOT NULL`,
          options,
        }),
        {
          name: 'contract',
          goal: t('The table is gone.'),
          steps: [
            useStep(context),
            hideStep(context, hidden),
            waitStep(
              daysOutOfSight,
              t('Every use that is left fails at once, and going back one step ends that.'),
              t('Jobs that run weekly should have run once without the table.'),
            ),
            dropStep(context, hidden),
          ],
        },
      ],
      noReturn: { slug: 'drop-table', why: whyDropped(context) },
      notes: notesOf(context),
    });
  },
};

function hiddenName({ assessment: { table, takenNames } }: Context): QualifiedName {
  const name = freeName(`switchback_dropped_${table.name.name}`, '', new Set(takenNames));
  return { schema: table.name.schema, name };
}

function useSince(reads: string, writes: string, since: string): string {
  const counted = (label: string, count: string) => `${quoteLiteral(`${label}: `)} || (${count})`;
  return `${counted(t('reads'), reads)} || ', ' || ${counted(t('rows written'), writes)} || ${quoteLiteral(`, ${since}`)}`;
}

/** How often it was used since the plan was made is for the reader; what depends on it has to be gone. */
function useStep({ assessment: { table, tableUse: before } }: Context): StepDraft {
  const relation = formatQualifiedName(table.name);
  const known = before ?? { reads: 0, writes: 0 };
  const checks: Check[] = [
    {
      id: 'table-use',
      title: t('Reads and writes of {0} since the plan was made', relation),
      sql:
        `SELECT true AS holds,\n       CASE WHEN now_used.reads >= ${known.reads} AND now_used.writes >= ${known.writes}\n` +
        `            THEN ${useSince(`now_used.reads - ${known.reads}`, `now_used.writes - ${known.writes}`, t('since the plan was made'))}\n` +
        `            ELSE ${useSince('now_used.reads', 'now_used.writes', t('since the statistics were reset'))} END AS detail\n` +
        `  FROM (${tableUse(table.name)}) AS now_used`,
    },
    nothingCheck('no-dependents', t('Nothing depends on {0}', relation), dependentsOfTable(table.name)),
    nothingCheck(
      'no-routines',
      t('No function or procedure names {0}', relation),
      routinesOfTable(table.name),
    ),
  ];
  return checkStep({
    slug: 'check-unused',
    title: t('See whether {0} is still used', relation),
    action: t(
      'Shows how often it was read and written: where that is more than dumps and your own looks, somebody still uses it. Replicas count for themselves.',
    ),
    checks,
    verification: {
      sql: allHold(checks.map(({ sql }) => sql)),
      expectation: t('Nothing in the database needs the table.'),
    },
    forecast: null,
  });
}

function nothingCheck(id: string, title: string, list: string): Check {
  return {
    id,
    title,
    sql:
      `SELECT count(*) = 0 AS holds, coalesce(string_agg(found.name, '; '), ${quoteLiteral(t('nothing does'))}) AS detail\n` +
      `  FROM (${list}) AS found`,
  };
}

function hideStep({ change, assessment }: Context, hidden: QualifiedName): StepDraft {
  const { table } = assessment;
  const relation = formatQualifiedName(table.name);
  return migrationStep({
    slug: 'hide-table',
    title: t('Put {0} out of sight', relation),
    action:
      (change.backup ? t('Before it, keep the table in a file: {0}.', dumpCommand(assessment)) + ' ' : '') +
      t(
        'It gets the name {0}: a use that is left fails now, while all of it is there and one step back ends it.',
        formatIdentifier(hidden.name),
      ),
    forward: [`ALTER TABLE ${relation} RENAME TO ${formatIdentifier(hidden.name)}`],
    rollback: [`ALTER TABLE ${formatQualifiedName(hidden)} RENAME TO ${formatIdentifier(table.name.name)}`],
    holds: [`${regclass(table.name)} IS NULL`, `${regclass(hidden)} IS NOT NULL`],
    expectation: t('Nothing is called {0}.', relation),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function dropStep(context: Context, hidden: QualifiedName): StepDraft {
  const { table } = context.assessment;
  const others = referredTables(table);
  return migrationStep({
    slug: 'drop-table',
    title: t('Drop {0}', formatQualifiedName(hidden)),
    action:
      t('The table goes with its rows, indexes, triggers and the sequences of its columns.') +
      (others.length === 0
        ? ''
        : ' ' +
          t(
            'Its foreign keys refer to {0}, which nobody can use for the moment that takes: who waits for them waits for lock_timeout at most.',
            others.join(', '),
          )),
    forward: [
      // Whoever deletes there looks here afterwards: locks in another order would stand against theirs.
      ...(others.length === 0 ? [] : [`LOCK TABLE ${others.join(', ')} IN ACCESS EXCLUSIVE MODE`]),
      `DROP TABLE ${formatQualifiedName(hidden)}`,
    ],
    rollback: { noReturn: whyDropped(context) },
    holds: [`${regclass(hidden)} IS NULL`],
    expectation: t('The table is gone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, hidden),
  });
}

/** The other tables that its foreign keys refer to, and whose triggers go with those. */
function referredTables({ name, foreignKeysOut }: TableFacts): string[] {
  const own = formatQualifiedName(name);
  const all = new Set(foreignKeysOut.map(({ to }) => formatQualifiedName(to)));
  return [...all].filter((other) => other !== own).sort();
}

function whyDropped({ change, assessment }: Context): string {
  const relation = formatQualifiedName(assessment.table.name);
  return change.backup
    ? t(
        'The table goes with its rows. They are in the file that was made before: {0} brings {1} back with them.',
        restoreCommand(assessment),
        relation,
      )
    : t('The rows of {0} go with the table; only a backup of the database has them.', relation);
}

function notesOf({ assessment: { table } }: Context): string[] {
  const all = table.publications.filter(({ by }) => by !== 'table').map(({ name }) => formatIdentifier(name));
  return [
    ...(table.partitioning === null
      ? []
      : [
          t(
            'Partitions keep their names until they go with the table: a use of a partition by its own name does not fail before.',
          ),
        ]),
    ...(all.length === 0
      ? []
      : [
          t(
            'The table is published by {0}, as all tables there are. Subscribers keep theirs with its rows.',
            all.join(', '),
          ),
        ]),
  ];
}
