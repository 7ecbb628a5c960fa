import { availableParallelism } from 'node:os';
import { rehearse, type RehearseRequest } from '../rehearse/rehearse';
import { rehearseInParts } from '../rehearse/rehearse-in-parts';
import type { Rehearsal } from '../rehearse/rehearsal';
import type { Shadow } from '../shadow/shadow';

/**
 * Rehearses in the shadow database that is open, and in a second one beside it where that saves time: not on a server of the user's,
 * nor where a program or a copy of somebody's schema is at work, which there is one of.
 */
export async function rehearseInShadows(
  request: RehearseRequest,
  open: () => Promise<Shadow>,
): Promise<Rehearsal> {
  const { byTool, base, shadow } = request;
  const alone =
    byTool !== undefined ||
    (base !== undefined && base.length > 0) ||
    shadow.kind === 'server' ||
    availableParallelism() < 2;
  return alone ? rehearse(request) : rehearseInParts({ ...request, another: open });
}
