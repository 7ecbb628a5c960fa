import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { contentHash } from '../layouts/content-hash';
import { stepsOf } from '../plan/plan';
import { migrationsBeforePlan } from './replay';
import type { JourneyContext } from './workspace';

/** What stands for the migrations that a plan's rehearsal begins with, which it holds for: their versions and texts, SHA-256, hex. */
export async function historyHash(context: JourneyContext, loaded: LoadedPlan): Promise<string> {
  const { migrations } = await migrationsBeforePlan(context, loaded);
  const texts: [string, string | null][] = [];
  for (const { version, upPath } of migrations) {
    context.signal.throwIfAborted();
    const text = await context.files.readIfExists(upPath);
    texts.push([version, text === null ? null : contentHash(text)]);
  }
  return contentHash(JSON.stringify(texts));
}

/** The same where a gate asks for it; null where none does. */
export async function historyHashForGates(
  context: JourneyContext,
  loaded: LoadedPlan,
): Promise<string | null> {
  const isAsked = stepsOf(loaded.plan).some(({ gates }) => gates.includes('rehearsal'));
  return isAsked ? historyHash(context, loaded) : null;
}
