import type { Migration } from '../layouts/layout';
import { isSwitchbackError } from '../messages/error';
import type { Progress } from '../ports/progress';
import type { Shadow } from '../shadow/shadow';
import type { Rehearsal } from './rehearsal';
import { rehearse, type RehearseRequest } from './rehearse';
import { toldOnce, type Told } from './told-once';

/** Fewer are as soon rehearsed in one shadow database: the second one has to be started, and to run what lies before. */
export const worthParts = 24;

/** The second part also runs the first one's migrations, and has the larger schemas. */
const firstShare = 0.56;

export interface RehearseInPartsRequest extends RehearseRequest {
  /** Opens a second shadow database of the same kind, on a server of its own: roles are of a server. */
  another: () => Promise<Shadow>;
}

/**
 * What `rehearse` gives, in half the time: the later migrations are rehearsed in a second shadow database meanwhile, which runs those
 * before without looking. Where that cannot be, for one of them fails, all are rehearsed in the first, one after the other.
 */
export async function rehearseInParts(request: RehearseInPartsRequest): Promise<Rehearsal> {
  const boundary = boundaryOf(request);
  if (boundary === null) return rehearse(request);
  const told = toldTogether(request);
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const first = rehearse({ ...request, ...told, to: boundary.before, signal });
  const second = inSecond({ ...request, ...told, from: boundary.at, signal }).catch((error: unknown) => {
    stop.abort(error);
    throw error;
  });
  const [front, back] = await Promise.allSettled([first, second]);
  request.signal.throwIfAborted();
  if (back.status === 'rejected') {
    if (!isSwitchbackError(back.reason)) throw back.reason;
    return rehearse({ ...request, ...told });
  }
  if (front.status === 'rejected') throw front.reason;
  return { ...front.value, migrations: [...front.value.migrations, ...back.value.migrations] };
}

async function inSecond(request: RehearseInPartsRequest): Promise<Rehearsal> {
  const shadow = await request.another();
  try {
    return await rehearse({ ...request, shadow });
  } finally {
    await shadow.dispose();
  }
}

/** The versions between which the parts meet; null where one shadow database is to do it all. */
function boundaryOf(request: RehearseInPartsRequest): { before: string; at: string } | null {
  const { migrations, from, to, isRehearsed } = request;
  const chosen = between(migrations, from, to)?.filter((each) => isRehearsed?.(each) !== false) ?? [];
  if (chosen.length < worthParts) return null;
  const at = chosen[Math.ceil(chosen.length * firstShare)]!;
  const before = migrations[migrations.indexOf(at) - 1]!;
  const isOne = ({ version }: { version: string }): boolean =>
    migrations.filter((migration) => migration.version === version).length === 1;
  return isOne(at) && isOne(before) ? { before: before.version, at: at.version } : null;
}

/** Those from one version to another, both counted; null where a version is written otherwise than its file's. */
export function between(
  migrations: readonly Migration[],
  from: string | null,
  to: string | null,
): readonly Migration[] | null {
  const place = (version: string | null, otherwise: number): number =>
    version === null ? otherwise : migrations.findIndex((migration) => migration.version === version);
  const [first, last] = [place(from, 0), place(to, migrations.length - 1)];
  return first < 0 || last < 0 ? null : migrations.slice(first, last + 1);
}

/** What the parts say, as of one rehearsal; its progress is over both. */
function toldTogether(request: RehearseRequest): Pick<RehearseRequest, 'progress' | keyof Told> {
  const { over, ...told } = toldOnce(request);
  const progress: Progress = {
    ...request.progress,
    report: ({ message }) =>
      request.progress.report({ message, share: over.size / request.migrations.length }),
  };
  return { ...told, progress };
}
