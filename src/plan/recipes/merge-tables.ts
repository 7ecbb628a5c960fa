import type { Assessment } from '../../assess/assessment';
import type { MergeTables } from '../../assess/changes/merge-tables';
import { dependentsOfTable } from '../../assess/leaving-table';
import { mergedColumns, ownKey } from '../../assess/merged-tables';
import { guidingKey, isOneToOne } from '../../assess/moved-columns';
import { columnOf } from '../../catalog/read-table-facts';
import type { ForeignKeyFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { selectCall, typeScriptSample } from '../pieces/code-sample';
import { movedColumnsBlockers } from '../pieces/moved-columns-blockers';
import {
  endMirrorStep,
  lastLookStep,
  movedColumnsNotes,
  requireMovedSteps,
} from '../pieces/moved-columns-contract';
import { movedColumnsExpand } from '../pieces/moved-columns-expand';
import { movedColumnsMigrate } from '../pieces/moved-columns-migrate';
import { dropCarryFunctions, isRunning } from '../pieces/moved-columns-mirror';
import { isWithin, movedColumnsParts, type MovedColumnsParts } from '../pieces/moved-columns-parts';
import { deployStep, migrationStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { referencesSentence } from '../pieces/references-sentence';
import { regclass } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Check } from '../plan';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/** Makes a table part of the one it refers to; both are kept equal, rows too, until it is dropped. */
export const mergeTablesRecipe: Recipe<MergeTables> = {
  id: 'merge-tables',
  blockers: ({ to, constraint }, assessment) => {
    const key = guidingKey(assessment.table, to, constraint);
    const columns = mergedColumns(assessment.table, key);
    return [...movedColumnsBlockers(columns, key, assessment), ...wholeBlockers(columns, key, assessment)];
  },
  phases: ({ change, assessment, options }) => {
    const { to, constraint } = change;
    const key = guidingKey(assessment.table, to, constraint);
    const columns = mergedColumns(assessment.table, key);
    const parts = movedColumnsParts({ assessment, options, columns, key, whole: true });
    const [relation, other] = [formatQualifiedName(change.table), formatQualifiedName(to)];
    const why = t(
      'From here on {0} does not follow, and goes. Its values are in {1}; to have it again is a change of its own.',
      relation,
      other,
    );
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('{0} follows every write of {1}.', other, relation),
          steps: movedColumnsExpand(parts),
        },
        {
          name: 'migrate',
          goal: t('The application reads and writes {0} alone.', other),
          steps: [
            ...movedColumnsMigrate(parts),
            releaseStep(parts),
            waitStep(
              options.deprecationDays,
              t('Code that reads or writes {0} still works.', relation),
              t('Jobs that run monthly and people with scripts of their own may still use it.'),
            ),
          ],
        },
        {
          name: 'contract',
          goal: t('There is {0} alone.', other),
          steps: [
            lastLookStep(parts, [dependentsCheck(parts)]),
            endMirrorStep(parts, why),
            dropStep(parts, why),
            ...requireMovedSteps(parts),
          ],
        },
      ],
      noReturn: { slug: 'end-mirror', why },
      notes: [...movedColumnsNotes(parts), ...notesOf(parts)],
    });
  },
};

/** What stops the whole table, each with the way out. */
function wholeBlockers(columns: readonly string[], key: ForeignKeyFacts, { table }: Assessment): string[] {
  const relation = formatQualifiedName(table.name);
  const numberless = ownKey(table, key).filter((column) => {
    const facts = columnOf(table, column);
    return facts.default === null && facts.identity === null && facts.generated === null;
  });
  const mixed = table.foreignKeysOut.filter(
    ({ name, fromColumns }) =>
      name !== key.name &&
      fromColumns.some((column) => columns.includes(column)) &&
      !isWithin(fromColumns, columns),
  );
  const own = table.foreignKeysOut.filter(({ to }) => formatQualifiedName(to) === relation);
  return [
    ...(isOneToOne(table, key)
      ? []
      : [
          t(
            'Several rows of {0} may refer to one of {1}, which has room for one. Make {2} unique first (add-unique), or move columns that agree (move-column); rows of a table of the same shape are moved by move-rows.',
            relation,
            formatQualifiedName(key.to),
            key.fromColumns.map(formatIdentifier).join(', '),
          ),
        ]),
    ...numberless.map((column) =>
      t(
        'Rows of {0} that new code makes need a value in {1}, which nobody would write. Give it a default first (set-default), or make {2} the primary key (change-primary-key).',
        relation,
        formatIdentifier(column),
        key.fromColumns.map(formatIdentifier).join(', '),
      ),
    ),
    ...mixed.map(({ name }) =>
      t(
        'The foreign key {0} is about the key of {1}, too. Drop it first, and add it to the other table when the plan is done (add-foreign-key).',
        formatIdentifier(name),
        relation,
      ),
    ),
    ...own.map(({ name }) =>
      t(
        'The foreign key {0} of {1} refers to that table itself. Drop it first.',
        formatIdentifier(name),
        relation,
      ),
    ),
    ...(table.inheritedBy.length > 0
      ? [t('{0} has children by INHERITS, whose rows it shows. End the inheritance first.', relation)]
      : []),
  ];
}

function dependentsCheck({ table }: MovedColumnsParts): Check {
  return {
    id: 'no-dependents',
    title: t('Nothing depends on {0}', formatQualifiedName(table.name)),
    sql:
      `SELECT count(*) = 0 AS holds, coalesce(string_agg(found.name, '; '), ${quoteLiteral(t('nothing does'))}) AS detail\n` +
      `  FROM (${dependentsOfTable(table.name)}) AS found`,
  };
}

function releaseStep({ assessment, table, target, key, columns, mirror }: MovedColumnsParts): StepDraft {
  const [relation, other] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  const names = columns.map(({ name }) => formatIdentifier(name)).join(', ');
  const required = columns.filter((column) => column.notNull && column.default === null);
  return deployStep({
    slug: 'use-one-table',
    title: t('Release the application that uses {0} alone', other),
    action: t('From this release on nothing reads or writes {0}.', relation),
    instructions: [
      t('Read and write {0} in {1}, and make no code use {2} any more.', names, other, relation),
      t(
        'Where {0} had no row, they are NULL or have their defaults; to take a row away, set all of them to NULL.',
        relation,
      ),
      ...(required.length === 0
        ? []
        : [
            t(
              'Until contract {0} still requires {1}: write them in the same statement as the others, or none.',
              relation,
              required.map(({ name }) => formatIdentifier(name)).join(', '),
            ),
          ]),
    ]
      .join(' ')
      .concat(referencesSentence(assessment)),
    rollbackInstructions: t(
      'Release the previous version again: {0} has the same values, and a row for each that got some.',
      relation,
    ),
    sample: typeScriptSample(
      [selectCall(table.name, columns[0]!.name, key.fromColumns)],
      [selectCall(target.name, columns[0]!.name, key.toColumns)],
    ),
    holds: [isRunning(mirror.carry), isRunning(mirror.push)],
    expectation: t('Both tables are kept equal.'),
  });
}

function dropStep({ table, target, mirror }: MovedColumnsParts, why: string): StepDraft {
  const relation = formatQualifiedName(table.name);
  const others = referredTables(table);
  return migrationStep({
    slug: 'drop-table',
    title: t('Drop {0}', relation),
    action: t(
      'The table goes with its indexes, triggers and foreign keys. Those refer to {0}, which nobody can use for the moment that takes: who waits for them waits for lock_timeout at most.',
      others.join(', '),
    ),
    forward: [
      // Whoever deletes there looks here afterwards: locks in another order would stand against theirs.
      `LOCK TABLE ${others.join(', ')} IN ACCESS EXCLUSIVE MODE`,
      `DROP TABLE ${relation}`,
      ...dropCarryFunctions(mirror),
    ],
    rollback: { noReturn: why },
    holds: [`${regclass(table.name)} IS NULL`, `${regclass(target.name)} IS NOT NULL`],
    expectation: t('The table is gone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function referredTables({ foreignKeysOut }: TableFacts): string[] {
  return [...new Set(foreignKeysOut.map(({ to }) => formatQualifiedName(to)))].sort();
}

function notesOf({ table, target, key, columns }: MovedColumnsParts): string[] {
  const names = columns.map(({ name }) => name);
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  const staying = ownKey(table, key).map(formatIdentifier);
  const mixes = (used: readonly string[]): boolean =>
    used.some((column) => names.includes(column)) && !isWithin(used, names);
  const left = [
    ...table.constraints.filter(({ kind, columns: used }) => kind !== 'foreign-key' && mixes(used)),
    ...table.indexes
      .filter((index) => index.constraint === null && mixes([...index.columns, ...index.expressionColumns]))
      .map(({ name }) => name),
  ].map(({ name }) => formatIdentifier(name));
  const triggers = table.triggers.map(({ name }) => formatIdentifier(name));
  return [
    t('After contract nothing tells a row of {0} without values from one that was not there.', relation),
    ...(staying.length === 0
      ? []
      : [
          t(
            'The values of {0} go with the table: they tell its rows apart, and nothing else.',
            staying.join(', '),
          ),
        ]),
    ...(left.length === 0
      ? []
      : [
          t(
            'These are about the key of {0}, too, and go with it: {1}. Add to {2} what is still needed.',
            relation,
            left.join(', '),
            to,
          ),
        ]),
    ...(triggers.length === 0
      ? []
      : [
          t(
            'Triggers of {0} go with it: {1}. See what {2} needs of them.',
            relation,
            triggers.join(', '),
            to,
          ),
        ]),
  ];
}
