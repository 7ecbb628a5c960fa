import { t } from '../messages/translate';
import type { CodeSample, DeployStep, Phase, PhaseName, Step, Verification, WaitStep } from './plan';
import type { RecipePlan } from './recipe';
import { stopWritingOldSlug } from './rename-equality';

/** A step with the change it is of, by its place among the changes. */
interface PartStep {
  part: number;
  step: Step;
  /** Whether it is the step from which on its change loses something, or comes after it. */
  afterReturn: boolean;
}

/**
 * The phases of several changes as one plan: their steps side by side in each phase, one wait where each has one, and what
 * cannot be taken back as late as the phases allow. A change alone stays as it is.
 */
export function mergeRecipePlans(plans: readonly RecipePlan[]): RecipePlan {
  const [only, ...others] = plans;
  if (!only || others.length === 0) return only!;
  const merged = phaseNames(plans).map((name) => ({
    name,
    goal: goalOf(plans.map((plan) => phaseOf(plan, name))),
    steps: mergedSteps(plans, name),
  }));
  const steps = merged.flatMap((phase) => phase.steps);
  const at = steps.findIndex((step) => step.afterReturn);
  const phases = numbered(merged);
  const ids = phases.flatMap((phase) => phase.steps).map(({ id }) => id);
  const point = at === -1 ? null : { step: ids[at]!, why: plans[steps[at]!.part]!.pointOfNoReturn!.why };
  return {
    phases,
    pointOfNoReturn: point,
    notes: [...distinct(plans.flatMap(({ notes }) => notes)), ...lostEarly(steps, at, point?.step)],
  };
}

function phaseNames([first]: readonly RecipePlan[]): PhaseName[] {
  return first!.phases.map(({ name }) => name);
}

function phaseOf(plan: RecipePlan, name: PhaseName): Phase {
  return plan.phases.find((phase) => phase.name === name)!;
}

/** Contract ends together, so that what goes for good goes last; the other phases begin together. */
function mergedSteps(plans: readonly RecipePlan[], name: PhaseName): PartStep[] {
  const parts = plans.map((plan, part) => partSteps(plan, part, name));
  return sideBySide(parts, 'wait', name === 'contract' ? 'end' : 'start').flatMap(
    ({ openers, stretches }) => [
      ...joined(openers, joinWaits),
      ...sideBySide(stretches, 'deploy', 'start').flatMap((release) => [
        ...joined(release.openers, joinReleases),
        ...lastReturnLast(release.stretches.flat()),
      ]),
    ],
  );
}

/** What has nothing to do in a phase has nothing to say of it, unless nobody has. */
function goalOf(phases: readonly Phase[]): string {
  const busy = phases.filter(({ steps }) => steps.length > 0);
  return distinct((busy.length > 0 ? busy : phases).map(({ goal }) => goal)).join(' ');
}

function partSteps(plan: RecipePlan, part: number, name: PhaseName): PartStep[] {
  const after = stepsFromReturn(plan);
  return phaseOf(plan, name).steps.map((step) => ({ part, step, afterReturn: after.has(step.id) }));
}

/** What stands beside each other: what opens a stretch in some of the parts, and what each has up to the next such step. */
interface Beside {
  openers: PartStep[];
  stretches: PartStep[][];
}

/** The steps of all parts, cut at each step of a kind, with those cuts beside each other from the start or from the end. */
function sideBySide(parts: readonly PartStep[][], kind: Step['kind'], from: 'start' | 'end'): Beside[] {
  const cut = parts.map((steps) => stretchesOf(steps, kind));
  const most = Math.max(...cut.map((stretches) => stretches.length));
  return Array.from({ length: most }, (_, place) => {
    const here = cut.flatMap(
      (stretches) => stretches[from === 'end' ? place - most + stretches.length : place] ?? [],
    );
    return {
      openers: here.flatMap(({ opener }) => opener ?? []),
      stretches: here.map(({ steps }) => steps),
    };
  });
}

function stretchesOf(
  steps: readonly PartStep[],
  kind: Step['kind'],
): { opener: PartStep | null; steps: PartStep[] }[] {
  const stretches: ReturnType<typeof stretchesOf> = [{ opener: null, steps: [] }];
  for (const own of steps)
    if (own.step.kind === kind) stretches.push({ opener: own, steps: [] });
    else stretches.at(-1)!.steps.push(own);
  return stretches;
}

function lastReturnLast(steps: readonly PartStep[]): PartStep[] {
  return [
    ...steps.filter(({ afterReturn }) => !afterReturn),
    ...steps.filter(({ afterReturn }) => afterReturn),
  ];
}

function joined(steps: readonly PartStep[], join: (steps: readonly PartStep[]) => PartStep): PartStep[] {
  return steps.length < 2 ? [...steps] : [join(steps)];
}

function stepsFromReturn({ phases, pointOfNoReturn }: RecipePlan): Set<string> {
  const ids = phases.flatMap((phase) => phase.steps).map(({ id }) => id);
  const at = ids.indexOf(pointOfNoReturn?.step ?? '');
  return new Set(at === -1 ? [] : ids.slice(at));
}

/** The longest of them, with what is said of each. */
function joinWaits(waits: readonly PartStep[]): PartStep {
  const all = waits.map(({ step }) => step as WaitStep);
  const longest = all.reduce((most, each) => (each.days > most.days ? each : most));
  return {
    ...whole(waits),
    step: {
      ...longest,
      action: distinct(all.map(({ action }) => action)).join(' '),
      why: distinct(all.map(({ why }) => why)).join(' '),
    },
  };
}

/** One release of the application that does what each of them asks for. */
function joinReleases(releases: readonly PartStep[]): PartStep {
  const all = releases.map(({ step }) => step as DeployStep);
  const proofs = all.flatMap(({ verification }) => verification ?? []);
  return {
    ...whole(releases),
    step: {
      ...all[0]!,
      id: releaseId(all),
      title: all.map(({ title }) => title).join('; '),
      action: distinct(all.map(({ action }) => action)).join(' '),
      instructions: distinct(all.map(({ instructions }) => instructions)).join('\n\n'),
      rollbackInstructions: distinct(all.map((step) => step.rollbackInstructions)).join('\n\n'),
      sample: joinSamples(all.flatMap(({ sample }) => sample ?? [])),
      verification: proofs.length === 0 ? null : joinProofs(proofs),
    },
  };
}

/** The release that one change is recognised by keeps its name. */
function releaseId(releases: readonly DeployStep[]): string {
  const known = releases.find(({ id }) => id.endsWith(`-${stopWritingOldSlug}`));
  return known?.id ?? '00-release';
}

function joinSamples(samples: readonly CodeSample[]): CodeSample | null {
  const [first] = samples;
  if (!first) return null;
  const alike = samples.filter(({ language }) => language === first.language);
  return {
    language: first.language,
    before: alike.map(({ before }) => before).join('\n\n'),
    after: alike.map(({ after }) => after).join('\n\n'),
  };
}

function joinProofs(proofs: readonly Verification[]): Verification {
  const conditions = proofs.map(
    ({ sql }, index) => `(SELECT holds FROM (${withoutEnd(sql)}) AS proof_${index + 1})`,
  );
  return {
    sql: `SELECT ${conditions.join('\n  AND ')} AS holds`,
    expectation: distinct(proofs.map(({ expectation }) => expectation)).join('; '),
  };
}

function withoutEnd(sql: string): string {
  return sql.trim().replace(/[;\s]+$/, '');
}

/** Of which change a joined step is, and whether one of its steps cannot be taken back. */
function whole(steps: readonly PartStep[]): Pick<PartStep, 'part' | 'afterReturn'> {
  const returning = steps.find(({ afterReturn }) => afterReturn);
  return { part: (returning ?? steps[0]!).part, afterReturn: returning !== undefined };
}

function numbered(phases: readonly { name: PhaseName; goal: string; steps: PartStep[] }[]): Phase[] {
  let number = 0;
  return phases.map(({ name, goal, steps }) => ({
    name,
    goal,
    steps: steps.map(({ step }) => {
      number += 1;
      return { ...step, id: `${String(number).padStart(2, '0')}-${step.id.replace(/^\d+-/, '')}` };
    }),
  }));
}

/** Says where steps that could be taken back by themselves come after what cannot. */
function lostEarly(steps: readonly PartStep[], at: number, id: string | undefined): string[] {
  if (at === -1 || id === undefined) return [];
  const kept = steps.slice(at).filter(({ step, afterReturn }) => !afterReturn && step.kind !== 'wait');
  if (kept.length === 0) return [];
  return [
    t(
      'From step {0} on nothing of this plan can be taken back, though {1} later steps of the other changes could be. Plan that change by itself to keep their way back open longer.',
      id,
      kept.length,
    ),
  ];
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}
