import type { StandInViewFacts } from '../../assess/change-facts';
import type { RenameColumn } from '../../assess/changes/rename-column';
import { renamedTable } from '../../assess/rename-view';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import type { RecipeContext, RecipePlan } from '../recipe';
import { stepForecast } from '../step-forecast';
import { sampleKey, selectCall, typeScriptSample } from './code-sample';
import { checkStep, deployStep, migrationStep, waitStep } from './plain-steps';
import { recipePlan } from './recipe-plan';
import { referencesSentence } from './references-sentence';
import { routinesCheck } from './rename-checks';
import { renameViewNotes } from './rename-view-notes';
import { allHold, columnExists, regclass } from './sql-text';
import { viewRights } from './stand-in-view';
import type { StepDraft } from './step-draft';
import { dependentsCheck } from './table-at-new-name';

/** A view that has a table's name and both names of one of its columns. */
export interface BothNames {
  change: RenameColumn;
  table: TableFacts;
  /** What the table is called while the view has its name. */
  base: QualifiedName;
  facts: StandInViewFacts;
  serverMajor: number;
}

/**
 * Renames a column without a copy: the table steps aside for a view that offers the column under both names, and comes
 * back when no code uses the old one. Both are updatable, as each is the column itself; one statement may set only one.
 * https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS
 */
export function renameByView(context: RecipeContext<RenameColumn>): RecipePlan {
  const { change, assessment, options } = context;
  const { table, standInView, takenNames = [], server } = assessment;
  const both: BothNames = {
    change,
    table,
    base: renamedTable(table.name, takenNames),
    facts: standInView!,
    serverMajor: server.major,
  };
  const from = formatIdentifier(change.from);
  return recipePlan({
    phases: [
      { name: 'expand', goal: t('The column is there under both names.'), steps: [standStep(both)] },
      {
        name: 'migrate',
        goal: t('Nobody uses the old name any more.'),
        steps: [
          releaseStep(both, referencesSentence(assessment)),
          waitStep(
            options.deprecationDays,
            t('Code that uses {0} still works, through the view.', from),
            t('Reports, jobs that run monthly and people with scripts of their own may still use that name.'),
          ),
        ],
      },
      {
        name: 'contract',
        goal: t('The table has its name again, and the column only the new one.'),
        steps: [unusedStep(both), returnStep(both)],
      },
    ],
    noReturn: null,
    notes: renameViewNotes(both),
  });
}

function makeView({ change, table, base, facts, serverMajor }: BothNames): string[] {
  const view = formatQualifiedName(table.name);
  const [from, to] = [formatIdentifier(change.from), formatIdentifier(change.to)];
  const columns = table.columns.map(({ name }) =>
    name === change.from ? `${to} AS ${from}` : formatIdentifier(name),
  );
  // Before 15 the table is read by the rights of the view's owner, which is the table's.
  const options = serverMajor >= 15 ? ' WITH (security_invoker = true)' : '';
  const purpose = t('Offers {0} also under its old name, {1}, until no code uses that any more.', to, from);
  const ofTo = table.privileges
    .filter(({ column }) => column === change.from)
    .map((granted) => ({ ...granted, column: change.to }));
  return [
    // The new name comes last, so that code which counts columns finds them where they were.
    `CREATE VIEW ${view}${options} AS\n  SELECT ${[...columns, to].join(', ')}\n    FROM ${formatQualifiedName(base)}`,
    ...viewRights({ ...table, privileges: [...table.privileges, ...ofTo] }, facts),
    `COMMENT ON VIEW ${view} IS ${quoteLiteral(purpose)}`,
  ];
}

function stepAside({ table, base }: BothNames): string {
  return `ALTER TABLE ${formatQualifiedName(table.name)} RENAME TO ${formatIdentifier(base.name)}`;
}

function comeBack({ table, base }: BothNames): string[] {
  return [
    `DROP VIEW ${formatQualifiedName(table.name)}`,
    `ALTER TABLE ${formatQualifiedName(base)} RENAME TO ${formatIdentifier(table.name.name)}`,
  ];
}

/** SQL that is true while the view has the table's name. */
function viewStands({ table, base }: BothNames): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = ${regclass(table.name)} AND relkind = 'v') ` +
    `AND ${regclass(base)} IS NOT NULL`
  );
}

function standStep(both: BothNames): StepDraft {
  const { change, table, base } = both;
  const relation = formatQualifiedName(table.name);
  const [from, to] = [formatIdentifier(change.from), formatIdentifier(change.to)];
  const rename = (of: QualifiedName, old: string, name: string): string =>
    `ALTER TABLE ${formatQualifiedName(of)} RENAME COLUMN ${old} TO ${name}`;
  return migrationStep({
    slug: 'offer-both-names',
    title: t('Rename {0} to {1}, and let a view offer both', from, to),
    action: t(
      'In one transaction the column gets its new name, the table is called {0}, and {1} is a view of it with the same owner and privileges that has the column under both names. No row is read or written.',
      formatQualifiedName(base),
      relation,
    ),
    forward: [stepAside(both), rename(base, from, to), ...makeView(both)],
    rollback: [...comeBack(both), rename(table.name, to, from)],
    holds: [viewStands(both), columnExists(base, change.to)],
    expectation: t('{0} is a view that has both {1} and {2}.', relation, from, to),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function releaseStep(both: BothNames, references: string): StepDraft {
  const { change, table, facts } = both;
  const relation = formatQualifiedName(table.name);
  const [from, to] = [formatIdentifier(change.from), formatIdentifier(change.to)];
  const routines =
    facts.routines.length === 0
      ? ''
      : ' ' +
        t(
          'Some of these routines may use the column, give them the new name as well: {0}.',
          facts.routines.join(', '),
        );
  const key = sampleKey(table, change.from);
  return deployStep({
    slug: 'use-new-name',
    title: t('Release the application that uses {0}', to),
    action: t('From this release on no code uses the old name.'),
    instructions:
      t(
        'Make all code read and write {0} of {1} instead of {2}, also jobs, reports and migrations, and release it to all instances. No statement may give both a value.',
        to,
        relation,
        from,
      ) +
      routines +
      references,
    rollbackInstructions: t(
      'Release the previous version again, and give routines their previous text: the view still has {0}.',
      from,
    ),
    sample: typeScriptSample(
      [selectCall(table.name, change.from, key)],
      [selectCall(table.name, change.to, key)],
    ),
    holds: [viewStands(both)],
    expectation: t('Both names are there.'),
  });
}

function unusedStep({ table, change }: BothNames): StepDraft {
  const from = formatIdentifier(change.from);
  const checks = [dependentsCheck(table.name), routinesCheck(table.name, change.from, [])];
  return checkStep({
    slug: 'check-unused',
    title: t('See that nothing in the database uses {0} or the view', from),
    action: t('Asks the catalog for what depends on the view, and the texts of routines for both names.'),
    checks,
    verification: {
      sql: allHold(checks.map(({ sql }) => sql)),
      expectation: t('Nothing in the database uses the old name.'),
    },
    forecast: null,
  });
}

function returnStep(both: BothNames): StepDraft {
  const { table, change } = both;
  const relation = formatQualifiedName(table.name);
  return migrationStep({
    slug: 'return-table',
    title: t('Give {0} back to the table', relation),
    action: t(
      'In one transaction the view goes and the table takes its name again. Code that still uses {0} fails from now on; the way back makes the view again.',
      formatIdentifier(change.from),
    ),
    forward: comeBack(both),
    rollback: [stepAside(both), ...makeView(both)],
    holds: [
      `EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = ${regclass(table.name)} AND relkind IN ('r', 'p'))`,
      columnExists(table.name, change.to),
    ],
    expectation: t('{0} is the table, and has {1}.', relation, formatIdentifier(change.to)),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}
