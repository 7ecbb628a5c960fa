import type { TimelineRow } from '../timeline-rows';
import { rolloutPhases, type RolloutPhaseName } from './document-names';

/** Days on which something takes place, the last one included. ISO days, UTC. */
export interface DayWindow {
  start: string;
  end: string;
}

/** The same as documents show it. */
export interface WindowView extends DayWindow {
  isDay: boolean;
}

/** Days as documents show them: one, or from one to another. */
export function windowView({ start, end }: DayWindow): WindowView {
  return { start, end, isDay: start === end };
}

/**
 * The days of each phase by the plan's timeline: expand on the first day of the canary, migrate from there on (or
 * from the full rollout on, where there is nothing to let out slowly), contract on the last day, after the waiting.
 */
export function phaseWindows(
  rows: readonly TimelineRow[],
  migratesSlowly: boolean,
): Record<RolloutPhaseName, DayWindow> {
  const row = (id: TimelineRow['id']): TimelineRow => rows.find((item) => item.id === id)!;
  const [canary, full, cleanUp] = [row('canary'), row('full-rollout'), row('clean-up')];
  return {
    expand: { start: canary.start, end: migratesSlowly ? canary.start : canary.end },
    migrate: { start: migratesSlowly ? canary.start : full.start, end: full.end },
    contract: { start: cleanUp.end, end: cleanUp.end },
  };
}

/** The next phase that has steps; null after the last. */
export function phaseAfter(
  name: RolloutPhaseName,
  withSteps: readonly RolloutPhaseName[],
): RolloutPhaseName | null {
  const later = rolloutPhases.slice(rolloutPhases.indexOf(name) + 1);
  return later.find((phase) => withSteps.includes(phase)) ?? null;
}
