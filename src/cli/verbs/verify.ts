import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { readTarget } from '../run-options';
import { reportText } from '../text/report';
import type { Verb } from '../verb';

export const verifyVerb: Verb = {
  name: 'verify',
  summary:
    'Compares the data, checks constraints and rehearses the rollback; writes report.md. Exits 1 when anything fails.',
  usage: 'PLAN',
  options: {},
  async run(call) {
    const target = await readTarget(call);
    if (target.kind !== 'plan') throw new SwitchbackError('usage', t('verify takes a plan folder.'));
    const { verifyPlan } = await import('../../journey/verify');
    const report = await verifyPlan(call.context, await call.database(), target.folder);
    return { exitCode: report.verdict === 'passed' ? 0 : 1, json: report, text: reportText(report) };
  },
};
