import type { Catalog } from '../catalog/catalog';
import { followCatalog, type FollowedCatalog } from '../catalog/follow-catalog';
import { readCatalog } from '../catalog/read-catalog';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { defaultWatchdogMilliseconds } from '../rehearse/rehearse';
import { runScript } from '../rehearse/run-script';
import type { ReplayedScript } from '../rehearse/shadow-run';
import { readData, type ShadowData } from '../rehearse/table-data';
import type { Shadow } from '../shadow/shadow';
import type { JourneyContext } from './workspace';
import { countRows, insertsOf, mostRows, readSequences, type SequenceValues } from './written-rows';

/** All that migrations leave in a shadow database. */
export interface ShadowState {
  followed: FollowedCatalog;
  /** The schema before the first migration. */
  prepared: Catalog;
  /** What the tool keeps for itself. */
  own: string[];
  data: ShadowData;
  sequences: SequenceValues;
  inserts: string[];
}

/** The state of an emptied shadow after scripts. Throws `verification-failed` naming the one that fails. */
export async function stateAfter(
  context: JourneyContext,
  shadow: Shadow,
  prepare: readonly string[],
  scripts: readonly ReplayedScript[],
): Promise<ShadowState> {
  const { signal } = context;
  const session = await shadow.reset(signal);
  try {
    const bare = await readCatalog(session);
    for (const sql of prepare) await session.script(sql);
    const prepared = await readCatalog(session);
    const own = Object.keys(prepared.objects).filter((object) => !(object in bare.objects));
    for (const [index, script] of scripts.entries()) {
      context.progress.report({ message: t('Replaying {0}', script.label), share: index / scripts.length });
      await runOrThrow(context, session, shadow, script);
    }
    const followed = await followCatalog(session, null, { signal });
    const data = await readData(session, followed.relations, signal);
    const sequences = await readSequences(session, followed.catalog, own);
    const isFew = countRows(data, own) <= mostRows;
    const inserts = isFew ? await insertsOf(session, followed, data, own) : [];
    return { followed, prepared, own, data, sequences, inserts };
  } finally {
    await session.close();
  }
}

async function runOrThrow(
  context: JourneyContext,
  session: Session,
  shadow: Shadow,
  script: ReplayedScript,
): Promise<void> {
  const outcome = await runScript(session, script, {
    ground: shadow.kind,
    watchdogMilliseconds: defaultWatchdogMilliseconds,
    signal: context.signal,
  });
  if (outcome.kind === 'ok') return;
  throw new SwitchbackError(
    'verification-failed',
    t(
      '{0} fails in the shadow database: {1} Correct it, or use a server as shadow.',
      script.label,
      outcome.error,
    ),
  );
}
