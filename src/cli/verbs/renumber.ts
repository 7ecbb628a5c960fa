import path from 'node:path';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { Verb } from '../verb';

export const renumberVerb: Verb = {
  name: 'renumber',
  summary:
    'Gives pending migrations the next versions of their folder, as after a rebase: --yes renumber agrees.',
  usage: 'FILE...',
  options: {},
  async run({ context, positionals, databaseIfAny }) {
    if (positionals.length === 0) {
      throw new SwitchbackError(
        'usage',
        t('Name the files of the migrations to renumber. "switchback status" tells which versions clash.'),
      );
    }
    const { renumberMigrations } = await import('../../journey/renumber');
    const { root } = context.workspace;
    const files = positionals.map((word) => path.resolve(root, word));
    const outcome = await renumberMigrations(context, await databaseIfAny(), files);
    if (!outcome) return { exitCode: 1, json: null, text: t('Nothing was renamed.') };
    const lines = outcome.renamed.map(
      ({ from, to }) => `${path.relative(root, from)} -> ${path.relative(root, to)}`,
    );
    return { exitCode: 0, json: outcome, text: lines.join('\n') };
  },
};
