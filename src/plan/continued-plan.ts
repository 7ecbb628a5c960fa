import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { canonicalJson } from './approved-hash';
import { stepsOf, type Plan, type Step } from './plan';

/** A plan that goes on from where another one of the same change stands. */
export interface ContinuedPlan {
  plan: Plan;
  /** Ids of steps that were to come and do not any more, that come now, and that do something else under the same name. */
  gone: string[];
  added: string[];
  changed: string[];
}

export interface BegunPlan {
  plan: Plan;
  /** Ids of steps that are done or begun on some database, or whose files are released: they stay. */
  kept: ReadonlySet<string>;
  /** Ids of steps whose SQL a person has changed: theirs stands. */
  edited: ReadonlySet<string>;
}

/**
 * Puts the steps that are still to come in the place of those of a plan that has begun. Throws `invalid-input` where a step that
 * has to stay would be another one now.
 */
export function continuedPlan({ plan, kept, edited }: BegunPlan, fresh: Plan): ContinuedPlan {
  const [before, after] = [stepsOf(plan), stepsOf(fresh)];
  const length = before.findLastIndex(({ id }) => kept.has(id)) + 1;
  const stays = before.slice(0, length);
  for (const [place, step] of stays.entries())
    if (!isSame(step, after[place], edited)) throw another(step, after[place]);
  const staying = new Map(stays.map((step) => [step.id, step]));
  const old = bySlug(before.slice(length));
  const coming = bySlug(after.slice(length));
  const { id, createdAt, title } = plan;
  const phases = fresh.phases.map((phase) => ({
    ...phase,
    steps: phase.steps.map((step) => staying.get(step.id) ?? step),
  }));
  return {
    plan: { ...fresh, id, createdAt, title, phases },
    gone: idsOf(old, (slug) => !coming.has(slug)),
    added: idsOf(coming, (slug) => !old.has(slug)),
    changed: idsOf(coming, (slug, step) => old.has(slug) && !isEqual(step, old.get(slug)!)),
  };
}

/** Steps by what they are called without their number, which others before them change; the second of a name has its own. */
function bySlug(steps: readonly Step[]): Map<string, Step> {
  const found = new Map<string, Step>();
  for (const step of steps) {
    let slug = step.id.replace(/^\d+-/, '');
    while (found.has(slug)) slug += '+';
    found.set(slug, step);
  }
  return found;
}

function idsOf(steps: ReadonlyMap<string, Step>, keep: (slug: string, step: Step) => boolean): string[] {
  return [...steps].filter(([slug, step]) => keep(slug, step)).map(([, { id }]) => id);
}

/** What the database or the team's folder has of it is what matters, not how it is described. */
function isSame(step: Step, now: Step | undefined, edited: ReadonlySet<string>): boolean {
  if (now?.id !== step.id || now.kind !== step.kind) return false;
  return edited.has(step.id) || !('forward' in step) || ('forward' in now && now.forward === step.forward);
}

function isEqual(one: Step, other: Step): boolean {
  const text = (step: Step): string => canonicalJson({ ...step, id: '', gates: [], forecast: null });
  return text(one) === text(other);
}

function another(step: Step, now: Step | undefined): SwitchbackError {
  return new SwitchbackError(
    'invalid-input',
    now && now.id === step.id
      ? t(
          'The rest cannot be planned anew: "{0}" stays as it is, and would have other SQL by now, because the table has changed. Roll the plan back and plan the change again, or go on with the plan as it is.',
          step.title,
        )
      : t(
          'The rest cannot be planned anew: "{0}" stays as it is, and in its place a new plan has {1}. Leave out the option that changes it, or roll the plan back and plan the change again.',
          step.title,
          now ? `"${now.title}"` : t('nothing'),
        ),
  );
}
