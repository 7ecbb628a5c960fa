import type { Direction } from '../../layouts/layout';
import { t } from '../../messages/translate';
import { loadParser } from '../../sql/parser';
import { checksOf, fillTables, namedTables } from '../fill-tables';
import type { RoundTrip } from '../round-trip';
import type { KnownValues } from '../seed/known-values';
import type { ShadowRun, Snapshot } from '../shadow-run';
import { measureInside } from './measure-inside';
import type { MeasuredStatement } from './measured-forecast';

/** The statements of one direction, positions being those of its script. */
export interface MeasuredDirection {
  statements: MeasuredStatement[];
  /** What holds for all of them, in sentences. */
  notes: string[];
}

/**
 * Measures one direction of a migration on generated rows, in a transaction that is rolled back. The shadow must be in the state
 * before that direction, which is `state`; `comeBack` brings it there again from what is kept.
 */
export async function measureRehearsed(
  run: ShadowRun,
  trip: RoundTrip,
  {
    direction,
    state,
    known,
    comeBack,
  }: { direction: Direction; state: Snapshot; known: KnownValues; comeBack: () => Promise<unknown> },
): Promise<MeasuredDirection> {
  const script = trip[direction];
  if (script === null) return { statements: [], notes: [] };
  if (script.byTool)
    return { statements: [], notes: [t('What its tool runs was not measured statement by statement.')] };
  const parser = await loadParser();
  const named = namedTables(trip, state, run.ownObjects);
  const checks = await checksOf(script.sql);
  const measured = await run.tryOut(async (inside) => {
    const { notes } =
      named.length > 0
        ? await fillTables(inside, { named, before: state, known, checks })
        : { notes: [] as string[] };
    const { session, signal } = inside;
    const statements = await measureInside({
      session,
      script,
      direction,
      ground: run.ground,
      parser,
      signal,
    });
    return { statements, notes };
  });
  if (measured !== null) return measured;
  await comeBack();
  return { statements: [], notes: [t('Its statements were not measured: that took too long.')] };
}
