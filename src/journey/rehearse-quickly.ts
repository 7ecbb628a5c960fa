import type { Migration } from '../layouts/layout';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { worthParts } from '../rehearse/rehearse-in-parts';
import type { MigrationRehearsal, Rehearsal } from '../rehearse/rehearsal';
import { toldOnce, type Told } from '../rehearse/told-once';
import type { ShadowChoice } from './shadow';
import type { JourneyContext } from './workspace';

/** The major version of the embedded database. */
const embeddedMajor = 18;

/**
 * Whether the embedded database is tried first where nobody chose one: it begins with the state that was kept of the history,
 * which a server starts and replays for; of many migrations the server is soon ahead.
 */
export function isQuickest(
  { workspace: { configuration } }: JourneyContext,
  asked: { chosen: ShadowChoice | null; hasBase: boolean; migrations: readonly Migration[]; count: number },
): boolean {
  return (
    asked.chosen === null &&
    configuration.shadow === 'auto' &&
    configuration.serverMajor === embeddedMajor &&
    !asked.hasBase &&
    asked.count < worthParts &&
    !asked.migrations.some(({ isCode }) => isCode)
  );
}

/**
 * Rehearses in the embedded database; what fails there is rehearsed once more on a server, where the machine has one, and that
 * one's verdict counts. Throws what the last of them throws.
 */
export async function rehearseQuickly(
  context: Pick<JourneyContext, 'progress' | 'signal'>,
  told: Told,
  rehearseIn: (shadow: 'embedded' | 'local', told: Told) => Promise<Rehearsal>,
): Promise<Rehearsal> {
  const { onRehearsing, onRehearsed } = toldOnce(told);
  const once = { onRehearsing, onRehearsed };
  let first: () => Rehearsal;
  try {
    const rehearsal = await rehearseIn('embedded', untilDoubtful(once));
    if (!rehearsal.migrations.some(isDoubtful)) return rehearsal;
    first = () => {
      for (const each of rehearsal.migrations) onRehearsed(each);
      return rehearsal;
    };
  } catch (error) {
    if (context.signal.aborted || !isSwitchbackError(error)) throw error;
    first = () => {
      throw error;
    };
  }
  context.progress.report({
    message: t('It fails in the embedded database; looking for a server to try it on'),
  });
  try {
    return await rehearseIn('local', once);
  } catch (error) {
    if (isSwitchbackError(error, 'no-shadow')) return first();
    throw error;
  }
}

/** What fails may be the engine's doing; what is compared is not. */
function isDoubtful({ verdict }: MigrationRehearsal): boolean {
  return ['up-fails', 'down-fails', 're-up-fails', 'times-out'].includes(verdict);
}

/** A failure is told of only when it counts, and what comes after it. */
function untilDoubtful({ onRehearsing, onRehearsed }: Told): Told {
  let isFailed = false;
  return {
    onRehearsing,
    onRehearsed: (rehearsal) => {
      isFailed ||= isDoubtful(rehearsal);
      if (!isFailed) onRehearsed?.(rehearsal);
    },
  };
}
