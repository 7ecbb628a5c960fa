import path from 'node:path';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { DataCopy } from '../../rehearse/copy/data-copy';
import type { Rehearsal } from '../../rehearse/rehearsal';
import { rehearsalJson } from '../formats/rehearsal-json';
import { rehearsalJunit } from '../formats/rehearsal-junit';
import { optionalChoice, optionalNumber, optionalText } from '../option-values';
import { readTarget } from '../run-options';
import { readShadowChoice, shadowOption } from '../shadow-option';
import { rehearsalText } from '../text/rehearsal';
import type { Verb, VerbCall, VerbResult } from '../verb';

export const rehearseVerb: Verb = {
  name: 'rehearse',
  summary:
    'Up, down, up again in a shadow database, the catalog compared each time. Exits 1 unless every down restores.',
  usage:
    '[PLAN | PATH...] [--shadow embedded|local|URL] [--from VERSION] [--to VERSION] [--base history|database] [--data full|sample] [--rows-per-table N] [--no-rows] [--measure] [--format text|json|junit]',
  formats: ['junit'],
  options: {
    shadow: shadowOption,
    from: { type: 'string', value: 'VERSION', help: t('the first migration that is rehearsed') },
    to: { type: 'string', value: 'VERSION', help: t('the last one') },
    base: {
      type: 'string',
      value: 'history|database',
      help: t(
        'what the shadow starts from: the replayed history (unless said), or the schema of the connected database',
      ),
    },
    data: {
      type: 'string',
      value: 'full|sample',
      help: t(
        'rows of the connected database in the shadow, masked as .switchback/config.json says, which starts from its schema then: all, or a sample with all it references',
      ),
    },
    'rows-per-table': {
      type: 'string',
      value: 'N',
      help: t('how many rows of each table a sample has: 1000 unless said'),
    },
    'no-rows': {
      type: 'boolean',
      help: t('no generated rows: of the data, only what migrations write themselves is seen lost'),
    },
    measure: {
      type: 'boolean',
      help: t('what each statement locks, writes anew and scans, recorded on the way; migrations only'),
    },
  },
  async run(call) {
    const { context, positionals, values } = call;
    const shadow = readShadowChoice(values);
    const base = optionalChoice(values, 'base', ['history', 'database']);
    const data = readDataCopy(values);
    if (data && base === 'history')
      throw new SwitchbackError(
        'usage',
        t('--data goes with --base database: rows fit the schema they are from.'),
      );
    const rows = values['no-rows'] !== true;
    const target = positionals.length === 1 ? await readTarget(call).catch(() => null) : null;
    if (target?.kind === 'plan' && values.measure === true)
      throw new SwitchbackError(
        'usage',
        t('--measure goes with migrations. Name files or a folder of them, or leave it out for a plan.'),
      );
    const { rehearsalPassed, rehearseMigrations, rehearsePlan } = await import('../../journey/rehearse');
    const rehearsal =
      target?.kind === 'plan'
        ? await rehearsePlan(context, await call.database(), target.folder, { shadow, data, rows })
        : await rehearseMigrations(context, {
            files: positionals.map((item) => path.resolve(context.workspace.root, item)),
            from: optionalText(values, 'from'),
            to: optionalText(values, 'to'),
            shadow,
            base: base === 'database' || data ? await call.database() : null,
            data,
            rows,
            measure: values.measure === true,
          });
    return { exitCode: rehearsalPassed(rehearsal) ? 0 : 1, ...(await rendered(call, rehearsal)) };
  },
};

const usualRowsPerTable = 1000;

function readDataCopy(values: VerbCall['values']): DataCopy | null {
  const kind = optionalChoice(values, 'data', ['full', 'sample']);
  const rows = optionalNumber(values, 'rows-per-table', 1, 1_000_000);
  if (rows !== null && kind !== 'sample')
    throw new SwitchbackError('usage', t('--rows-per-table goes with --data sample.'));
  if (kind === null) return null;
  return kind === 'full' ? { kind } : { kind, rows: Math.floor(rows ?? usualRowsPerTable) };
}

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
