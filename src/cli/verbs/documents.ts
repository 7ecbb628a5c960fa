import { rolloutKinds, type RolloutKind } from '../../documents/rollout/document-names';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { IssuesOutcome } from '../../journey/create-issues';
import { readTarget } from '../run-options';
import { documentsText } from '../text/documents';
import type { Verb, VerbCall } from '../verb';

export const documentsVerb: Verb = {
  name: 'documents',
  summary:
    'Writes what goes around a plan into its folder: tickets, announcements, a calendar, the description of the pull request, a changelog entry.',
  usage: `PLAN [${rolloutKinds.join('|')}]... [--create-issues]`,
  options: {
    'create-issues': {
      type: 'boolean',
      help: t(
        'after a yes (--yes create-issues), gh creates an issue for each ticket that has none, and the ticket keeps its address',
      ),
    },
  },
  async run(call) {
    const { context, values } = call;
    const kinds = readKinds(call);
    const target = await readTarget(call);
    if (target.kind !== 'plan')
      throw new SwitchbackError('usage', t('Name the folder of a plan: switchback documents PLAN.'));
    const { writePlanDocuments } = await import('../../journey/plan-documents');
    const outcome = await writePlanDocuments(context, target.folder, kinds);
    let issues: IssuesOutcome | null = null;
    if (values['create-issues'] === true) {
      const { createIssues } = await import('../../journey/create-issues');
      issues = await createIssues(context, target.folder);
    }
    return {
      exitCode: 0,
      json: { ...outcome, issues },
      text: documentsText(outcome, issues, context.workspace.root),
    };
  },
};

/** The kinds that are named after the plan; all of them where none is. */
function readKinds({ positionals, values }: VerbCall): readonly RolloutKind[] {
  const named = positionals.slice(1);
  const unknown = named.find((word) => !rolloutKinds.some((kind) => kind === word));
  if (unknown !== undefined)
    throw new SwitchbackError(
      'usage',
      t('"{0}" is no document of a plan. There are {1}.', unknown, rolloutKinds.join(', ')),
    );
  const kinds = rolloutKinds.filter((kind) => named.length === 0 || named.includes(kind));
  if (values['create-issues'] === true && !kinds.includes('tickets'))
    throw new SwitchbackError(
      'usage',
      t('--create-issues goes with tickets: switchback documents PLAN tickets --create-issues.'),
    );
  return kinds;
}
