import path from 'node:path';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { optionalText } from '../option-values';
import { readTarget } from '../run-options';
import type { Verb } from '../verb';

export const exportVerb: Verb = {
  name: 'export',
  summary: 'Writes a plan as one HTML file that loads nothing, to read, to send or to print.',
  usage: 'PLAN [--out FILE] [--all]',
  options: {
    out: {
      type: 'string',
      value: 'FILE',
      help: t('where it is written; plan.html in the folder of the plan unless said'),
    },
    all: { type: 'boolean', help: t('every document of the folder, not only plan.md') },
  },
  async run(call) {
    const { context, values } = call;
    const target = await readTarget(call);
    if (target.kind !== 'plan')
      throw new SwitchbackError('usage', t('Name the folder of a plan: switchback export PLAN.'));
    const out = optionalText(values, 'out');
    const { exportPlan } = await import('../../journey/export-plan');
    const outcome = await exportPlan(context, {
      planFolder: target.folder,
      file: out === null ? null : path.resolve(context.workspace.root, out),
      all: values.all === true,
      language: 'en',
    });
    const file = path.relative(context.workspace.root, outcome.file);
    return {
      exitCode: 0,
      json: outcome,
      text: t('{0} is written, with {1}.', file, outcome.documents.join(', ')),
    };
  },
};
