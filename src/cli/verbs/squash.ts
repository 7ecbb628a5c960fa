import path from 'node:path';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { optionalText } from '../option-values';
import { readShadowChoice, shadowOption } from '../shadow-option';
import { squashText } from '../text/squash';
import type { Verb } from '../verb';

export const squashVerb: Verb = {
  name: 'squash',
  summary:
    'Makes one migration of all up to a version, with the proof in a shadow database that it makes the same. Exits 1 when it does not.',
  usage: '[FOLDER] --to VERSION [--write] [--shadow embedded|local|URL]',
  options: {
    to: {
      type: 'string',
      value: 'VERSION',
      help: t('the last version that goes into it, whose place it takes'),
    },
    write: {
      type: 'boolean',
      help: t('writes it, once it is proven, and moves the old files to .switchback/squashed'),
    },
    shadow: shadowOption,
  },
  async run({ context, positionals, values }) {
    const to = optionalText(values, 'to');
    if (to === null) {
      throw new SwitchbackError('usage', t('Name the last version that is squashed: --to VERSION.'));
    }
    const { squashMigrations } = await import('../../journey/squash');
    const [word] = positionals;
    const squash = await squashMigrations(context, {
      folder: word === undefined ? null : path.resolve(context.workspace.root, word),
      to,
      shadow: readShadowChoice(values),
      write: values['write'] === true,
    });
    return {
      exitCode: squash.differences.length === 0 ? 0 : 1,
      json: squash,
      text: await squashText(squash),
    };
  },
};
