import type { Session, SessionFactory } from '../../database/session';
import type { Shadow } from '../../shadow/shadow';
import type { ScriptLimits } from '../run-script';
import { ShadowRun, type ReplayedScript } from '../shadow-run';
import type { MeasuredIn } from './measured-forecast';

/** A shadow database and the way to the state before the script that is measured in it. */
export interface MeasureState {
  sessions: Pick<SessionFactory, 'open'>;
  shadow: Pick<MeasuredIn, 'kind' | 'engine'>;
  /** Makes that state anew, whatever has been done since; no session of the state before may be open. */
  restore(): Promise<Session>;
}

/** The state that a history of scripts leads to, `prepare` being what the tool makes for itself. */
export function replayedState(
  shadow: Shadow,
  { prepare, before }: { prepare: readonly string[]; before: readonly ReplayedScript[] },
  limits: Omit<ScriptLimits, 'ground'>,
  report: (script: ReplayedScript) => void = () => undefined,
): MeasureState {
  return {
    sessions: shadow,
    shadow: { kind: shadow.kind, engine: shadow.engine },
    restore: async () => {
      const run = new ShadowRun(shadow, prepare, limits);
      try {
        await run.start(before, report);
      } finally {
        await run.close();
      }
      return shadow.open({ signal: limits.signal });
    },
  };
}
