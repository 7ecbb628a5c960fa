import path from 'node:path';
import { optionalText } from '../option-values';
import { readTarget } from '../run-options';
import { readShadowChoice } from '../shadow-option';
import { rehearsalText } from '../text/rehearsal';
import type { Verb } from '../verb';

export const rehearseVerb: Verb = {
  name: 'rehearse',
  summary:
    'Up, down, up again in a shadow database, the catalog compared each time. Exits 1 unless every down restores.',
  usage: '[PLAN | FILE...] [--shadow embedded|local|URL] [--from VERSION] [--to VERSION]',
  options: { shadow: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
  async run(call) {
    const { context, positionals, values } = call;
    const shadow = readShadowChoice(values);
    const target = positionals.length === 1 ? await readTarget(call).catch(() => null) : null;
    const { rehearsalPassed, rehearseMigrations, rehearsePlan } = await import('../../journey/rehearse');
    const rehearsal =
      target?.kind === 'plan'
        ? await rehearsePlan(context, await call.database(), target.folder, { shadow })
        : await rehearseMigrations(context, {
            files: positionals.map((item) => path.resolve(context.workspace.root, item)),
            from: optionalText(values, 'from'),
            to: optionalText(values, 'to'),
            shadow,
          });
    return {
      exitCode: rehearsalPassed(rehearsal) ? 0 : 1,
      json: rehearsal,
      text: rehearsalText(rehearsal),
    };
  },
};
