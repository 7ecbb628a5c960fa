import path from 'node:path';
import type { Rehearsal } from '../../rehearse/rehearsal';
import { rehearsalJson } from '../formats/rehearsal-json';
import { rehearsalJunit } from '../formats/rehearsal-junit';
import { optionalChoice, optionalText } from '../option-values';
import { readTarget } from '../run-options';
import { readShadowChoice } from '../shadow-option';
import { rehearsalText } from '../text/rehearsal';
import type { Verb, VerbCall, VerbResult } from '../verb';

export const rehearseVerb: Verb = {
  name: 'rehearse',
  summary:
    'Up, down, up again in a shadow database, the catalog compared each time. Exits 1 unless every down restores.',
  usage:
    '[PLAN | PATH...] [--shadow embedded|local|URL] [--from VERSION] [--to VERSION] [--base history|database] [--no-rows] [--measure] [--format text|json|junit]',
  formats: ['junit'],
  options: {
    shadow: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    base: { type: 'string' },
    'no-rows': { type: 'boolean' },
    measure: { type: 'boolean' },
  },
  optionHelp: {
    base: 'what the shadow starts from: the replayed history (unless said), or the schema of the connected database',
    'no-rows': 'no generated rows: of the data, only what migrations write themselves is seen lost',
    measure: 'what each statement locks, writes anew and scans, recorded on the way; migrations only',
  },
  async run(call) {
    const { context, positionals, values } = call;
    const shadow = readShadowChoice(values);
    const base = optionalChoice(values, 'base', ['history', 'database']);
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
            base: base === 'database' ? await call.database() : null,
            rows: values['no-rows'] !== true,
            measure: values.measure === true,
          });
    return { exitCode: rehearsalPassed(rehearsal) ? 0 : 1, ...(await rendered(call, rehearsal)) };
  },
};

async function rendered(
  { context, format }: VerbCall,
  rehearsal: Rehearsal,
): Promise<Pick<VerbResult, 'json' | 'text'>> {
  const { root } = context.workspace;
  switch (format) {
    case 'json':
      return { json: rehearsalJson(rehearsal, root), text: '' };
    case 'junit':
      return { json: null, text: await rehearsalJunit(rehearsal, root) };
    default:
      return { json: null, text: await rehearsalText(rehearsal) };
  }
}
