import { strategyKinds, strategyTitle, type StrategyKind } from '../../documents/strategy-text';
import type { PlanAnswers } from '../../documents/standalone/answers';
import { t } from '../../messages/translate';
import { askQuestions, type NativeQuestion } from '../multi-step-input';
import type { Services } from '../services';
import { changeTypeQuestion, dayQuestion, optionalText, rolesQuestion, titleQuestion } from './fields';
import { prepare, underFreeName, write, type Preparation } from './preparation';
import { showWritten } from './show-written';

/** Asks what a plan document needs and writes it, with no plan behind it. */
export async function createPlanDocument(services: Services): Promise<void> {
  const preparation = await prepare(services);
  const title = t('New Plan Document');
  const answers = await askQuestions(title, questions(preparation), firstAnswers(preparation));
  const { newPlanDocument } = await import('../../journey/new-document');
  await showWritten(
    await underFreeName(
      () =>
        write(services, preparation, title, (context, database) =>
          newPlanDocument(context, database, answers),
        ),
      () => askQuestions(title, [titleQuestion()], answers),
    ),
  );
}

function firstAnswers({ context, defaults }: Preparation): PlanAnswers {
  return {
    title: t('Migration of {0}', defaults.project),
    why: null,
    changeType: 'schema-additive',
    current: null,
    target: null,
    systems: defaults.project,
    users: null,
    dataVolume: null,
    downtime: t('none'),
    strategy: null,
    startDate: defaults.today,
    roles: [...context.workspace.configuration.approvalRoles],
  };
}

function questions({ database }: Preparation): NativeQuestion<PlanAnswers>[] {
  return [
    titleQuestion(),
    changeTypeQuestion(),
    optionalText('why', t('Why is it done?'), t('Invoices are searched by number every day')),
    optionalText('current', t('How is it today?'), t('orders has no invoice number')),
    optionalText('target', t('How will it be?'), t('every order has a unique invoice number')),
    optionalText('systems', t('Which systems are affected?'), t('the shop, the nightly export')),
    optionalText('users', t('Who notices, and how many?'), t('200 people in support')),
    {
      // A connected database tells its size.
      when: () => database === null,
      ...optionalText('dataVolume', t('How much data is concerned?'), t('2 million orders, 3 GB')),
    },
    optionalText('downtime', t('How much downtime is expected?'), t('10 minutes at night')),
    strategyQuestion,
    dayQuestion('startDate', t('On which day does it begin?')),
    rolesQuestion(),
  ];
}

const strategyQuestion: NativeQuestion<{ strategy: StrategyKind | null }> = {
  ask: async (input, answers) => {
    answers.strategy = await input.pick<StrategyKind | null>({
      placeholder: t('Which strategy?'),
      active: answers.strategy,
      choices: [
        {
          label: t('Propose one'),
          description: t('from the kind of change and the downtime'),
          value: null,
        },
        ...strategyKinds.map((kind) => ({ label: strategyTitle(kind), value: kind })),
      ],
    });
  },
};
