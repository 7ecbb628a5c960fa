import type { Assessment } from '../assess/assessment';
import { noPlanAnswers, type PlanAnswers } from '../assess/plan-answers';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { createPlan } from '../plan/create-plan';
import { defaultPlanOptions, type Plan, type PlanOptions } from '../plan/plan';
import { plansBeside, type OtherPlan } from '../plan/plans-beside';
import { loadParser } from '../sql/parser';
import { branchPlans } from './branch-plans';
import { migrationFolders } from './migrations';
import { listPlans, loadPlan } from './plans';
import { hasPlan, plansFolder } from './plans-folder';
import type { JourneyContext } from './workspace';

export interface DraftPlan {
  plan: Plan;
  assessment: Assessment;
  /** What must be looked at by a person, in sentences. */
  notes: string[];
  /** What people said of its scope and its prerequisites. */
  answers: PlanAnswers;
  /** Names of databases at hand that are labelled staging. */
  stagingDatabases: readonly string[];
}

export interface DraftChoices {
  options?: Partial<PlanOptions>;
  migrationsFolder?: string;
  answers?: PlanAnswers;
  stagingDatabases?: readonly string[];
}

/** The phases and steps for an assessed change; nothing is written. Throws `invalid-input` when a blocker stands. */
export async function draftPlan(
  context: JourneyContext,
  assessment: Assessment,
  choices: DraftChoices = {},
): Promise<DraftPlan> {
  if (assessment.blockers.length > 0) {
    throw new SwitchbackError('invalid-input', assessment.blockers.join(' '));
  }
  const folders = await migrationFolders(context);
  const folder = choices.migrationsFolder
    ? folders.find((item) => item.label === choices.migrationsFolder)
    : folders[0];
  if (!folder) {
    throw new SwitchbackError(
      'not-found',
      t(
        'This workspace has no migrations folder that Switchback knows. Make one with a first migration, or name it in .switchback/config.json under "migrations".',
      ),
    );
  }
  const { plan, notes } = createPlan({
    change: assessment.change,
    assessment,
    options: { ...defaultPlanOptions, ...choices.options },
    layout: { id: folder.layout, folder: folder.label },
    parser: await loadParser(),
    now: context.clock.now(),
  });
  const named = await withFreeId(context, plan);
  const beside = plansBeside(named, await otherPlans(context));
  if (beside.blockers.length > 0) throw new SwitchbackError('invalid-input', beside.blockers.join(' '));
  return {
    plan: named,
    assessment,
    notes: [...begunNotes(assessment), ...beside.notes, ...notes],
    answers: choices.answers ?? noPlanAnswers,
    stagingDatabases: choices.stagingDatabases ?? [],
  };
}

function begunNotes({ fromMigrations, database }: Assessment): string[] {
  if (fromMigrations === undefined) return [];
  return [
    t(
      'The change has begun on {0}: it was planned from the schema that {1} makes. Before the first step, have what is there taken as done (Adopt What Is Done…, "switchback adopt").',
      database.label,
      fromMigrations,
    ),
  ];
}

/** The plans on disk that can be read, and those of open branches. */
async function otherPlans(context: JourneyContext): Promise<OtherPlan[]> {
  const here = (await listPlans(context)).flatMap(({ plan, state }) =>
    plan === null ? [] : [{ plan, state }],
  );
  return [...here, ...(await branchPlans(context))];
}

/** A second plan of the same day and change gets `-2`, `-3`, ... unless the first is still a draft on disk. */
async function withFreeId(context: JourneyContext, plan: Plan): Promise<Plan> {
  let id = plan.id;
  for (let number = 2; await context.files.exists(`${plansFolder(context)}/${id}/plan.md`); number += 1) {
    const folder = `${plansFolder(context)}/${id}`;
    const state = (await hasPlan(context, folder)) ? (await loadPlan(context, folder)).state : null;
    if (state === 'draft' || state === 'ready') break;
    id = `${plan.id}-${number}`;
  }
  return { ...plan, id };
}
