import type { PartAssessment } from '../assess/assessment';
import { changeTypeOf, type SingleChange } from '../assess/change';
import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { openingScripts } from '../plan/opening-scripts';
import { partOrder } from '../plan/part-order';
import { defaultPlanOptions } from '../plan/plan';
import { recipeFor } from '../plan/recipes/index';
import { loadParser } from '../sql/parser';
import { formatQualifiedName } from '../sql/identifier';
import type { Database } from './database';
import { takeSearchPath, withPresentFacts } from './present-facts';
import { inSchemaShadow, runThere } from './schema-shadow';
import type { JourneyContext } from './workspace';

/** A change that finds nothing of what it is about in the database, and what it was told there. */
export interface WaitingChange {
  change: SingleChange;
  error: SwitchbackError;
}

/** Reads one change through a session. */
export type AssessPart = (session: Session, change: SingleChange) => Promise<PartAssessment>;

/** What other changes of a plan were found to need, and those that wait for what they make. */
export interface PartsInTurn {
  found: readonly PartAssessment[];
  waiting: readonly WaitingChange[];
  assess: AssessPart;
}

/**
 * Assesses changes that need what others of the same plan make: in a shadow database with the schema of this one, where the
 * first steps of the others are done. Numbers of rows and bytes are those of the database. Throws why a change is not found
 * there either, and `verification-failed` where the shadow cannot hold the schema.
 */
export async function assessInTurn(
  context: JourneyContext,
  database: Database,
  parts: PartsInTurn,
): Promise<PartAssessment[]> {
  return inSchemaShadow(context, database, (there) =>
    assessThere(database.session, there, parts, context.signal),
  );
}

/** The same in a session of a database that has the schema already, and nothing that would be missed. */
export async function assessThere(
  session: Session,
  there: Session,
  { found, waiting, assess }: PartsInTurn,
  signal: AbortSignal,
): Promise<PartAssessment[]> {
  await takeSearchPath(session, there);
  for (const part of partOrder(found)) await play(there, part, signal);
  const assessed: PartAssessment[] = [];
  let left = [...waiting];
  while (left.length > 0) {
    const missing: WaitingChange[] = [];
    for (const { change } of left) {
      try {
        const part = await asOn(session, await assess(there, change), [...found, ...assessed]);
        if (part.blockers.length === 0) await play(there, part, signal);
        assessed.push(part);
      } catch (error) {
        if (!isSwitchbackError(error, 'not-found')) throw error;
        missing.push({ change, error });
      }
    }
    if (missing.length === left.length) throw missing[0]!.error;
    left = missing;
  }
  return assessed;
}

/** Does what the plan of a change does first. */
async function play(there: Session, part: PartAssessment, signal: AbortSignal): Promise<void> {
  const plan = recipeFor(part.change).phases({
    change: part.change,
    assessment: part,
    options: defaultPlanOptions,
    parser: await loadParser(),
    planId: 'in-turn',
  });
  for (const script of openingScripts(plan)) await runThere(there, script, signal);
}

/** What was read in the shadow, as it concerns the database. */
async function asOn(
  session: Session,
  part: PartAssessment,
  others: readonly PartAssessment[],
): Promise<PartAssessment> {
  const { present, ...own } = await withPresentFacts(session, part, others[0]!);
  if (present) return { ...own.part, needsOthers: true };
  const blockers = [...own.part.blockers, ...stillMade(part, others)];
  return { ...own.part, blockers, needsOthers: true };
}

/** Only what makes a table and is done with it leaves it to others. */
function stillMade({ change, table }: PartAssessment, others: readonly PartAssessment[]): string[] {
  const relation = formatQualifiedName(table.name);
  const makers = [change, ...others.map((other) => other.change)].filter(
    (each) => changeTypeOf(each).subject === 'new-table',
  );
  if (makers.some((maker) => formatQualifiedName(maker.table) === relation)) return [];
  return [
    t(
      '{0} is made by another change of this plan, which goes on working on it. Plan "{1}" when that one is done.',
      relation,
      changeTypeOf(change).describe(change),
    ),
  ];
}

/** Why a change that needs another one is not assessed while its form is being filled in. */
export function needsOthersYet({ error }: WaitingChange): SwitchbackError {
  return new SwitchbackError(
    'not-found',
    t(
      '{0} If another change of this plan makes it, go on: Assess reads it in a shadow database.',
      error.sentence,
    ),
    { cause: error },
  );
}
