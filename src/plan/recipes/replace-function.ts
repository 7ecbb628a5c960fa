import { createHash } from 'node:crypto';
import type { ReplaceFunction } from '../../assess/changes/replace-function';
import type { ReplacedRoutine } from '../../assess/replaced-routine';
import { usersOfRoutine } from '../../assess/routine-users';
import { t } from '../../messages/translate';
import { formatIdentifier, quoteLiteral } from '../../sql/identifier';
import { leavingPhase } from '../pieces/leaving-release';
import { locklessForecast } from '../pieces/lockless-forecast';
import { checkStep, migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { rightsAgain } from '../pieces/rights-again';
import { allHold } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { StepForecast } from '../plan';
import type { Recipe, RecipeContext, RecipePlan } from '../recipe';
import { stepForecast } from '../step-forecast';

type Context = RecipeContext<ReplaceFunction>;

/**
 * Gives a function another definition in place, or makes a new one beside it until no code uses the old one.
 * https://www.postgresql.org/docs/current/sql-createfunction.html
 */
export const replaceFunctionRecipe: Recipe<ReplaceFunction> = {
  id: 'replace-function',
  blockers: () => [],
  phases: (context) => {
    const routine = routineOf(context);
    return routine.inPlace ? inPlacePlan(context, routine) : besidePlan(context, routine);
  },
};

function routineOf({ assessment: { replacedRoutine } }: Context): ReplacedRoutine {
  if (replacedRoutine === undefined) throw new Error('nobody looked at the function');
  return replacedRoutine;
}

function inPlacePlan(context: Context, routine: ReplacedRoutine): RecipePlan {
  const { signature, definition } = routine;
  const hash = createHash('sha256').update(definition, 'utf8').digest('hex');
  const step = migrationStep({
    slug: 'replace-function',
    title: t('Replace {0}', signature),
    action: t(
      'Calls that are under way end as they began; those that begin afterwards run the new definition. Owner, rights, comment and all that uses it stay.',
    ),
    forward: [routine.statement.replace(/^CREATE /, 'CREATE OR REPLACE '), ...goesWith(routine)],
    rollback:
      routine.gained.length === 0 ? [definition, ...goesWith(routine)] : { noReturn: whyForGood(routine) },
    holds: [`${definitionHash(signature)} IS DISTINCT FROM '${hash}'`],
    expectation: t('{0} has another definition than before.', signature),
    forecast: forecastOf(context, routine),
  });
  return recipePlan({
    phases: [
      { name: 'expand', goal: t('Calls of the function run the new definition.'), steps: [step] },
      { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
      { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
    ],
    noReturn: routine.gained.length === 0 ? null : { slug: step.slug, why: whyForGood(routine) },
    notes: [
      ...usersNote(routine),
      t(
        'All callers get the new definition at once: it has to serve the code that runs now. Materialized views keep what the one before gave until they are refreshed.',
      ),
    ],
  });
}

function whyForGood({ gained, signature }: ReplacedRoutine): string {
  return t(
    'PostgreSQL takes these away from a function only with the function: {0}. CREATE OR REPLACE can give {1} what it did before again, with them. Plan a definition without them where a way back is needed.',
    gained.join(', '),
    signature,
  );
}

function usersNote({ users, signature }: ReplacedRoutine): string[] {
  return users.length === 0 ? [] : [t('These use {0}: {1}.', signature, users.join(', '))];
}

function besidePlan(context: Context, routine: ReplacedRoutine): RecipePlan {
  const { signature, next } = routine;
  const uses =
    routine.users.length === 0
      ? ''
      : ' ' +
        t('These use it in the database, and have to use the new one, too: {0}.', routine.users.join(', '));
  return recipePlan({
    phases: [
      { name: 'expand', goal: t('Both functions are there.'), steps: [createStep(context, routine)] },
      leavingPhase({
        rule: t('the function {0}', signature),
        instructions:
          t('Make all code that calls {0} call {1}, and release it to all instances.', signature, next) +
          uses,
        present: `${there(signature)} IS NOT NULL`,
        options: context.options,
      }),
      {
        name: 'contract',
        goal: t('Only the new function is there.'),
        steps: [unusedStep(routine), dropStep(routine)],
      },
    ],
    noReturn: null,
    notes: [
      t(
        'Calls from applications leave no trace in the catalog. Where track_functions is on, pg_stat_user_functions counts those of {0}.',
        signature,
      ),
    ],
  });
}

function createStep(context: Context, routine: ReplacedRoutine): StepDraft {
  const { next, comment } = routine;
  return migrationStep({
    slug: 'create-function',
    title: t('Create {0}', next),
    action: t('It gets the owner and the rights of {0}. Nobody calls it yet.', routine.signature),
    forward: [
      routine.statement,
      ...rightsAgain(`ROUTINE ${next}`, routine.rights),
      ...(comment === null ? [] : [`COMMENT ON ROUTINE ${next} IS ${quoteLiteral(comment)}`]),
    ],
    rollback: [`DROP ROUTINE ${next}`],
    holds: [`${there(next)} IS NOT NULL`],
    expectation: t('There is a function {0}.', next),
    forecast: forecastOf(context, routine),
  });
}

function unusedStep({ signature }: ReplacedRoutine): StepDraft {
  const sql =
    `SELECT count(*) = 0 AS holds, coalesce(string_agg(found.name, '; '), ${quoteLiteral(t('nothing does'))}) AS detail\n` +
    `  FROM (${usersOfRoutine(signature)}) AS found`;
  return checkStep({
    slug: 'check-unused',
    title: t('See whether {0} is still used', signature),
    action: t('Views, triggers, defaults, policies and routines that use it keep it from going.'),
    checks: [{ id: 'no-users', title: t('Nothing in the database uses {0}', signature), sql }],
    verification: { sql: allHold([sql]), expectation: t('Nothing in the database uses it.') },
    forecast: null,
  });
}

function dropStep(routine: ReplacedRoutine): StepDraft {
  const { signature, definition, comment } = routine;
  return migrationStep({
    slug: 'drop-function',
    title: t('Drop {0}', signature),
    action: t('No table is locked.'),
    forward: [`DROP ROUTINE ${signature}`],
    rollback: [
      definition,
      ...rightsAgain(`ROUTINE ${signature}`, routine.rights),
      ...(comment === null ? [] : [`COMMENT ON ROUTINE ${signature} IS ${quoteLiteral(comment)}`]),
      ...goesWith(routine),
    ],
    holds: [`${there(signature)} IS NULL`],
    expectation: t('There is no function {0}.', signature),
    forecast: locklessForecast(),
  });
}

function there(signature: string): string {
  return `pg_catalog.to_regprocedure(${quoteLiteral(signature)})`;
}

/** OR REPLACE forgets them. */
function goesWith({ goesWith: extensions, signature }: ReplacedRoutine): string[] {
  return extensions.map(
    (extension) => `ALTER ROUTINE ${signature} DEPENDS ON EXTENSION ${formatIdentifier(extension)}`,
  );
}

function forecastOf({ assessment: { table } }: Context, { lock }: ReplacedRoutine): StepForecast {
  return lock === null ? locklessForecast() : stepForecast(lock.mode, 'catalog', table, lock.relation);
}

/** The hash of the definition with all names whole, whatever the session's search_path, which stays as it is. */
function definitionHash(signature: string): string {
  return (
    `(SELECT read.hash FROM (SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.rtrim(pg_catalog.pg_get_functiondef(whole.routine), E'\\n'), 'UTF8')), 'hex') AS hash,\n` +
    `          pg_catalog.set_config('search_path', whole.path, true) AS path\n` +
    `     FROM (SELECT ${there(signature)} AS routine, pg_catalog.current_setting('search_path') AS path,\n` +
    `                  pg_catalog.set_config('search_path', 'pg_catalog', true) AS qualified OFFSET 0) AS whole OFFSET 0) AS read)`
  );
}
