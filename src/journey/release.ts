import path from 'node:path';
import { releasePhase as releaseFiles, type PhaseRelease } from '../implement/scaffold/release-phase';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import type { PhaseName, PlanProgress } from '../plan/plan';
import type { JourneyContext } from './workspace';

/** Writes the files of a phase that nothing stands before any more. */
export function releaseReached(
  context: JourneyContext,
  loaded: LoadedPlan,
  phase: PhaseName,
  progress: PlanProgress,
): Promise<PhaseRelease> {
  const done = progress.steps.filter((step) => step.state === 'done' || step.state === 'skipped');
  return releaseFiles({
    loaded,
    phase,
    done: new Set(done.map((step) => step.id)),
    root: context.workspace.root,
    files: context.files,
    templates: templateFolders(context),
    now: context.clock.now(),
  });
}

/** The shipped templates, and the workspace's own where it is trusted. */
export function templateFolders(context: JourneyContext): { shipped: string; override: string | null } {
  const { root, assets, trusted } = context.workspace;
  return {
    shipped: assets.templates,
    override: trusted ? path.join(root, '.switchback', 'templates') : null,
  };
}
