import { availableParallelism } from 'node:os';
import type { Migration } from '../layouts/layout';
import { rehearse, type RehearseRequest } from '../rehearse/rehearse';
import { rehearseInParts, worthParts } from '../rehearse/rehearse-in-parts';
import type { Rehearsal } from '../rehearse/rehearsal';
import type { Shadow } from '../shadow/shadow';
import type { ShadowChoice } from './shadow';

export interface ShadowWork {
  choice: ShadowChoice;
  /** How many migrations are rehearsed, at most. */
  count: number;
  migrations: readonly Migration[];
  /** Whether it begins with the schema of a database, which there is one of. */
  hasBase: boolean;
}

/** Whether a second shadow database saves time: not on a server of the user's, nor where a program or a copy is at work. */
export function wantsTwoShadows({ choice, count, migrations, hasBase }: ShadowWork): boolean {
  return (
    typeof choice === 'string' &&
    !hasBase &&
    count >= worthParts &&
    !migrations.some(({ isCode }) => isCode) &&
    availableParallelism() > 1
  );
}

/** Opens the first shadow database and, where it is wanted, a second one meanwhile. Throws what opening the first one throws. */
export async function openShadows(
  open: () => Promise<Shadow>,
  wantsTwo: boolean,
): Promise<{ shadow: Shadow; second: Promise<Shadow> | null }> {
  const second = wantsTwo ? open() : null;
  // Whoever waits for it is told.
  second?.catch(() => undefined);
  try {
    return { shadow: await open(), second };
  } catch (error) {
    await closeUnused(second);
    throw error;
  }
}

/** Rehearses in the shadow database that is open, and in a second one beside it where there is one; that one is closed. */
export async function rehearseInShadows(
  request: RehearseRequest,
  second: Promise<Shadow> | null,
): Promise<Rehearsal> {
  if (second === null) return rehearse(request);
  let isUsed = false;
  try {
    return await rehearseInParts({
      ...request,
      another: () => {
        isUsed = true;
        return second;
      },
    });
  } finally {
    if (!isUsed) await closeUnused(second);
  }
}

async function closeUnused(second: Promise<Shadow> | null): Promise<void> {
  await (await second?.catch(() => null))?.dispose();
}
