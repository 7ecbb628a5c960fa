import path from 'node:path';
import { createRunControl } from '../implement/run-control';
import type { RunEvent } from '../implement/run-event';
import type { RunRequest } from '../journey/run';
import { isProgramFile, isSqlFile } from '../layouts/migration-files';
import { fileOfAddress } from '../layouts/migration-address';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { runEventText } from './text/run-event';
import type { VerbCall, VerbOption } from './verb';

/** That a release was taken back, for the verbs that roll steps back. */
export const takenBackOption: VerbOption = {
  type: 'string',
  multiple: true,
  value: 'STEP',
  help: t('that the application is back at the release before this step'),
};

/** What a verb was pointed at: a plan's folder or a migration file, by its address where it is one of several. */
export type Target = { kind: 'plan'; folder: string } | { kind: 'migration'; file: string };

/** The plan folder (by path or name) or migration file the first word names. Throws `usage`, `not-found`. */
export async function readTarget({ context, positionals }: VerbCall): Promise<Target> {
  const word = positionals[0];
  if (word === undefined)
    throw new SwitchbackError('usage', t('Name a plan folder or a migration file after the verb.'));
  const { root, configuration } = context.workspace;
  for (const folder of [path.resolve(root, word), path.join(root, configuration.plansFolder, word)]) {
    if (await context.files.exists(path.join(folder, 'plan.md'))) return { kind: 'plan', folder };
  }
  const address = path.resolve(root, word);
  const file = fileOfAddress(address);
  if ((isSqlFile(file) || isProgramFile(file)) && (await context.files.exists(file)))
    return { kind: 'migration', file: address };
  throw new SwitchbackError(
    'not-found',
    t('{0} is neither a plan folder nor a migration file. See "switchback status".', word),
  );
}

/** A run whose events go to standard error and whose control follows Ctrl-C. */
export async function runRequest(call: VerbCall, planFolder: string): Promise<RunRequest> {
  return { ...runEvents(call), database: await call.database(), planFolder };
}

/** The same of a run that may be without a database. */
export function runEvents(call: VerbCall): Pick<RunRequest, 'control' | 'onEvent'> {
  const control = createRunControl();
  call.context.signal.addEventListener('abort', () => control.cancel(), { once: true });
  let lastBackfill = 0;
  const onEvent = (event: RunEvent): void => {
    const now = call.context.clock.now().getTime();
    if (event.kind === 'backfill' && event.progress.state === 'running') {
      if (now - lastBackfill < 1000) return;
      lastBackfill = now;
    }
    call.tell(runEventText(event));
  };
  return { onEvent, control };
}
