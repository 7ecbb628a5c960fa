import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';

/** Where a rehearsal fails because the history cannot be replayed, its error says the other way to the state before. */
export async function withReplayAdvice<T>(rehearsal: Promise<T>): Promise<T> {
  try {
    return await rehearsal;
  } catch (error) {
    const isReplay = isSwitchbackError(error, 'verification-failed') && 'script' in error.details;
    // A shadow database that lacks an extension cannot hold the connected database's schema either.
    if (!isReplay || 'extension' in error.details) throw error;
    const advice = t(
      'Where the history does not lead there by itself, "switchback rehearse --base database" starts from the schema of the connected database.',
    );
    throw new SwitchbackError(error.code, `${error.sentence} ${advice}`, {
      cause: error,
      details: error.details,
    });
  }
}
