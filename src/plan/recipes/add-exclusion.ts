import type { AddExclusion } from '../../assess/changes/add-exclusion';
import { excludedPairsQuery, exclusionDefinition, exclusionElements } from '../../assess/exclusion';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { acceptFinding } from '../pieces/accepted-finding';
import { keepingPhase, keptCheck, type NewRule } from '../pieces/keeping-release';
import { migrationStep } from '../pieces/plain-steps';
import { isRewrittenQuickly } from '../pieces/quick-rewrite';
import { recipePlan } from '../pieces/recipe-plan';
import { serverName } from '../pieces/server-name';
import { constraintExists } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/**
 * Adds an exclusion. PostgreSQL builds its index under ACCESS EXCLUSIVE and knows neither NOT VALID nor CONCURRENTLY for
 * it, so only a small table gets one.
 * https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE
 */
export const addExclusionRecipe: Recipe<AddExclusion> = {
  id: 'add-exclusion',
  blockers: (_, { table }) => {
    const relation = formatQualifiedName(table.name);
    if (table.partitioning !== null) {
      return [
        t(
          '{0} is partitioned, and its rows cannot exclude each other across partitions. Plan it for each partition, where only its own rows exclude each other.',
          relation,
        ),
      ];
    }
    if (isRewrittenQuickly(table)) return [];
    return [
      t(
        'PostgreSQL reads all of {0} and builds the index of an exclusion while nobody can use the table, and the table is too large for that. Add it at a time when nobody needs the table, or make a new table with it and copy the rows.',
        relation,
      ),
    ];
  },
  phases: ({ change, assessment, options, parser }) => {
    const { table, takenNames } = assessment;
    const elements = exclusionElements(parser, change);
    const addition = elements.map(({ column }) => column ?? 'expr').join('_');
    const name = change.name ?? serverName(change.table.name, addition, 'excl', new Set(takenNames ?? []));
    const rule: NewRule = {
      table,
      rule: t('the exclusion {0}', name),
      instructions: t(
        'Make sure that no writer leaves two rows beside each other for which {0} is true in all its parts, or is ready for the error that follows, and release it to all instances.',
        change.expression,
      ),
      query: excludedPairsQuery(change, elements, table),
      options,
    };
    // Without an equality every row is compared with every other, which only a few rows can bear.
    const counted = elements.some(({ operatorName }) => operatorName === '=') || table.rows.count <= 5000;
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        keepingPhase(rule),
        {
          name: 'contract',
          goal: t('No two rows are there that exclude each other.'),
          steps: [...(counted ? [keptCheck(rule)] : []), addStep(change, table, name)],
        },
      ],
      noReturn: null,
      notes:
        table.inheritedBy.length === 0 ? [] : [t('Rows of tables that inherit from it are not compared.')],
    });
  },
};

function addStep(change: AddExclusion, table: TableFacts, name: string): StepDraft {
  const alter = `ALTER TABLE ${formatQualifiedName(table.name)}`;
  const quoted = formatIdentifier(name);
  return migrationStep({
    slug: 'add-exclusion',
    title: t('Add the exclusion {0}', quoted),
    action: t(
      'Reads every row and builds an index while nobody can use the table, which is small. Where rows exclude each other it fails, and nothing has changed.',
    ),
    forward: [
      acceptFinding(
        'exclusion-constraint',
        t('the table was small when this was planned'),
        `${alter}\n  ADD CONSTRAINT ${quoted} ${exclusionDefinition(change)}`,
      ),
    ],
    rollback: [`${alter} DROP CONSTRAINT ${quoted}`],
    holds: [constraintExists(table.name, name, true)],
    expectation: t('The constraint {0} is there.', name),
    forecast: stepForecast('AccessExclusiveLock', 'index-build', table),
  });
}
