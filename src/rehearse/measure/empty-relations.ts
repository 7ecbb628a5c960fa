import type { Session } from '../../database/session';
import { isSwitchbackError } from '../../messages/error';
import type { Forecast } from '../../safety/forecast';
import { attempt } from '../seed/attempt';
import { readRelations } from './relations';

/** Tables of a forecast's works that have no rows now. */
export async function emptyOf(session: Session, { works }: Forecast): Promise<Set<string>> {
  const empty = new Set<string>();
  if (works.length === 0) return empty;
  const states = [...(await readRelations(session)).values()];
  for (const { relation } of works) {
    const kind = states.find((state) => state.relation === relation)?.kind;
    if (kind !== 'r' && kind !== 'm') continue;
    // One that may not be read, or a view never filled, is not known to be empty.
    const answer = await attempt(session, () =>
      session.query<{ filled: boolean }>(`select exists (select from only ${relation}) as filled`),
    ).catch((error: unknown) => {
      if (isSwitchbackError(error, 'connection-lost')) throw error;
      return null;
    });
    if (answer?.rows[0]?.filled === false) empty.add(relation);
  }
  return empty;
}
