import type { Assessment } from '../../assess/assessment';
import { namesRelation, ownRoutine } from '../../assess/routines-that-name';
import { t } from '../../messages/translate';
import { formatQualifiedName, quoteLiteral, type QualifiedName } from '../../sql/identifier';
import type { Check, PlanOptions } from '../plan';
import type { RecipePlan } from '../recipe';
import { stepForecast } from '../step-forecast';
import { selectCall, typeScriptSample } from './code-sample';
import { checkStep, deployStep, migrationStep, waitStep } from './plain-steps';
import { recipePlan } from './recipe-plan';
import { referencesSentence } from './references-sentence';
import { allHold, regclass } from './sql-text';
import { dropView, makeView, viewNotes, viewStands, type StandInView } from './stand-in-view';
import type { StepDraft } from './step-draft';

/** A table that gets another name or schema. */
export interface NewTableName {
  assessment: Assessment;
  options: PlanOptions;
  to: QualifiedName;
  /** The statement that gives it to the table, and the one that takes it back. */
  give: string;
  takeBack: string;
  slug: string;
  title: string;
  /** What keeps its name, or gets another one, beside the table. */
  notes: readonly string[];
}

/**
 * A table gets another name and in the same moment a view its old one, so that nobody sees neither; the view goes when
 * no code uses the old name any more.
 */
export function newNamePlan(named: NewTableName): RecipePlan {
  const { assessment, options, to } = named;
  const view: StandInView = {
    table: assessment.table,
    reads: to,
    facts: assessment.standInView!,
    serverMajor: assessment.server.major,
  };
  const old = formatQualifiedName(assessment.table.name);
  return recipePlan({
    phases: [
      { name: 'expand', goal: t('The table is there under both names.'), steps: [nameStep(named, view)] },
      {
        name: 'migrate',
        goal: t('Nobody uses the old name any more.'),
        steps: [
          releaseStep(named, view),
          waitStep(
            options.deprecationDays,
            t('Code that uses {0} still works, through the view.', old),
            t('Reports, jobs that run monthly and people with scripts of their own may still use that name.'),
          ),
        ],
      },
      {
        name: 'contract',
        goal: t('Only the new name is left.'),
        steps: [unusedStep(view), dropStep(view)],
      },
    ],
    noReturn: null,
    notes: [...viewNotes(view), ...named.notes],
  });
}

/** Where the view would show rows that a policy hides, because it reads by the rights of its owner. */
export function rowSecurityBlockers({ table, server }: Assessment): string[] {
  if (server.major >= 15 || !table.rowSecurity.enabled) return [];
  return [
    t(
      '{0} has row security, and before PostgreSQL 15 a view in its place would show every row that its owner sees. Upgrade to 15 first, or change the name in a maintenance window.',
      formatQualifiedName(table.name),
    ),
  ];
}

function nameStep({ to, give, takeBack, slug, title }: NewTableName, view: StandInView): StepDraft {
  const [old, name] = [formatQualifiedName(view.table.name), formatQualifiedName(to)];
  return migrationStep({
    slug,
    title,
    action: t(
      'In one transaction the table becomes {0}, and {1} a view of it with the same owner and privileges, through which old code reads and writes as before. No row is read or written.',
      name,
      old,
    ),
    forward: [give, ...makeView(view)],
    rollback: [dropView(view), takeBack],
    holds: [viewStands(view), isTable(to)],
    expectation: t('{0} is the table, and {1} a view of it.', name, old),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', view.table, view.table.name),
  });
}

function releaseStep({ assessment, to }: NewTableName, view: StandInView): StepDraft {
  const [old, name] = [formatQualifiedName(view.table.name), formatQualifiedName(to)];
  const { routines } = view.facts;
  const [column] = view.table.primaryKey ?? view.table.columns.map((each) => each.name);
  return deployStep({
    slug: 'use-new-name',
    title: t('Release the application that uses {0}', name),
    action: t('From this release on no code uses the old name.'),
    instructions:
      t(
        'Make all code use {0} instead of {1}, also jobs, reports and migrations, and release it to all instances.',
        name,
        old,
      ) +
      (routines.length === 0
        ? ''
        : ' ' + t('Give these routines the new name as well: {0}.', routines.join(', '))) +
      referencesSentence(assessment),
    rollbackInstructions: t(
      'Release the previous version again, and give routines their previous text: {0} is still there as a view.',
      old,
    ),
    ...(column === undefined
      ? {}
      : {
          sample: typeScriptSample([selectCall(view.table.name, column, [])], [selectCall(to, column, [])]),
        }),
    holds: [viewStands(view), isTable(to)],
    expectation: t('Both names are there.'),
  });
}

function unusedStep({ table }: StandInView): StepDraft {
  const old = formatQualifiedName(table.name);
  const checks = [dependentsCheck(table.name), routinesCheck(table.name)];
  return checkStep({
    slug: 'check-unused',
    title: t('See that nothing in the database uses {0}', old),
    action: t('Asks the catalog for what depends on the view, and the texts of routines for its name.'),
    checks,
    verification: {
      sql: allHold(checks.map(({ sql }) => sql)),
      expectation: t('Nothing in the database uses the old name.'),
    },
    forecast: null,
  });
}

function dropStep(view: StandInView): StepDraft {
  const old = formatQualifiedName(view.table.name);
  return migrationStep({
    slug: 'drop-view',
    title: t('Drop the view {0}', old),
    action: t('Code that still uses {0} fails from now on; the way back makes the view again.', old),
    forward: [dropView(view)],
    rollback: makeView(view),
    holds: [`${regclass(view.table.name)} IS NULL`],
    expectation: t('Nothing is called {0} any more.', old),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', view.table),
  });
}

/** Nothing depends on the view or on its row type, apart from what makes it up. */
export function dependentsCheck(view: QualifiedName): Check {
  return {
    id: 'old-name-unused',
    title: t('Nothing depends on the view {0}', formatQualifiedName(view)),
    sql:
      `SELECT count(*) = 0 AS holds,\n` +
      `       coalesce(string_agg(DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), '; '), ${quoteLiteral(t('nothing depends on it'))}) AS detail\n` +
      `  FROM pg_catalog.pg_class c\n  JOIN pg_catalog.pg_type y ON y.oid = c.reltype\n` +
      `  JOIN pg_catalog.pg_depend d ON (d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid)\n` +
      `       OR (d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (y.oid, y.typarray))\n` +
      ` WHERE c.oid = ${regclass(view)} AND d.deptype = 'n'\n` +
      `   AND NOT EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid AND r.ev_class = c.oid)`,
  };
}

/** No routine names it in its text. */
function routinesCheck(view: QualifiedName): Check {
  return {
    id: 'old-name-in-routines',
    title: t('No function or procedure names {0}', formatQualifiedName(view)),
    sql:
      `SELECT count(*) = 0 AS holds,\n` +
      `       coalesce(string_agg(p.oid::pg_catalog.regprocedure::text, '; '), ${quoteLiteral(t('none does'))}) AS detail\n` +
      `  FROM pg_catalog.pg_proc p\n WHERE ${ownRoutine}\n   AND ${namesRelation(view)}`,
  };
}

function isTable(name: QualifiedName): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = ${regclass(name)} AND relkind IN ('r', 'p'))`;
}
