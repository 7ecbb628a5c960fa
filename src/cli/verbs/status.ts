import { statusText } from '../text/status';
import type { Verb } from '../verb';

export const statusVerb: Verb = {
  name: 'status',
  summary:
    'Which migrations are applied, pending, failed, missing or edited. Exits 1 on failed, missing or edited ones and on clashes of versions.',
  usage: '',
  options: {},
  async run({ context, databaseIfAny }) {
    const { readStatus } = await import('../../journey/migrations');
    const { listPlans } = await import('../../journey/plans');
    const database = await databaseIfAny();
    const folders = await readStatus(context, database?.session ?? null);
    const bad = folders.some(
      (folder) =>
        folder.problems.length > 0 ||
        folder.clashes.some(({ kind }) => kind !== 'not-run') ||
        folder.statuses.some(
          (item) => item.state === 'failed' || item.state === 'missing' || item.flags.includes('edited'),
        ),
    );
    const plans = await listPlans(context);
    return { exitCode: bad ? 1 : 0, json: { folders, plans }, text: statusText(folders, database !== null) };
  },
};
