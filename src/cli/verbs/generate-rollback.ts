import path from 'node:path';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { readShadowChoice, shadowOption } from '../shadow-option';
import { rollbackJson } from '../formats/rollback-json';
import { rollbackText } from '../text/rollback';
import type { Verb } from '../verb';

export const generateRollbackVerb: Verb = {
  name: 'generate-rollback',
  summary:
    'Writes the way back of a migration from the schemas before and after it, and rehearses it. Exits 1 unless it is proven.',
  usage: 'FILE [--backup] [--write] [--shadow embedded|local|URL]',
  options: {
    backup: {
      type: 'boolean',
      help: t(
        'a step before it keeps what it drops in the schema switchback_backup, and the way back restores it',
      ),
    },
    write: { type: 'boolean', help: t('writes the files; without it they are only shown') },
    shadow: shadowOption,
  },
  async run({ context, positionals, values, format }) {
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0)
      throw new SwitchbackError('usage', t('Name one migration file: switchback generate-rollback FILE.'));
    const { proposeRollback, writeRollback } = await import('../../journey/generate-rollback');
    const { root } = context.workspace;
    const rollback = await proposeRollback(context, path.resolve(root, file), {
      shadow: readShadowChoice(values),
      backup: values['backup'] === true,
    });
    const written = values['write'] === true ? await writeRollback(context, rollback) : [];
    return {
      exitCode: rollback.proven ? 0 : 1,
      json: rollbackJson(rollback, written, root),
      text: format === 'json' ? '' : await rollbackText(rollback, root, written.length > 0),
    };
  },
};
