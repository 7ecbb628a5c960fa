import type { Environment } from '../../database/connection';
import type { RunbookAnswers } from '../../documents/standalone/answers';
import { t } from '../../messages/translate';
import { environmentWord } from '../format';
import { askQuestions, type NativeQuestion } from '../multi-step-input';
import type { Services } from '../services';
import { changeTypeQuestion, optionalText, titleQuestion } from './fields';
import { prepare, underFreeName, write, type Preparation } from './preparation';
import { showWritten } from './show-written';

/** Asks what a rollback runbook needs and writes it, with no plan behind it. */
export async function createRunbook(services: Services): Promise<void> {
  const preparation = await prepare(services);
  const title = t('New Rollback Runbook');
  const answers = await askQuestions(title, questions(preparation), firstAnswers(preparation));
  const { newRunbook } = await import('../../journey/new-document');
  await showWritten(
    await underFreeName(
      () =>
        write(services, preparation, title, (context, database) => newRunbook(context, database, answers)),
      () => askQuestions(title, [titleQuestion()], answers),
    ),
  );
}

function firstAnswers({ defaults, database }: Preparation): RunbookAnswers {
  return {
    title: t('Migration of {0}', defaults.project),
    changeType: 'schema-additive',
    environment: database?.connection.environment ?? 'production',
    service: defaults.project,
    flag: null,
    releaseCommand: defaults.releaseCommand,
    backup: null,
    dashboard: null,
    decider: defaults.person,
    noReturn: null,
  };
}

function questions({ database }: Preparation): NativeQuestion<RunbookAnswers>[] {
  return [
    titleQuestion(),
    changeTypeQuestion(),
    { when: () => database === null, ...environmentQuestion },
    optionalText('service', t('What do users see degrade?'), t('the shop')),
    optionalText(
      'flag',
      t('Which feature flag switches the change off?'),
      'new-invoices',
      t('Empty: none does.'),
    ),
    optionalText('releaseCommand', t('How is the previous version released?'), 'npm run deploy'),
    optionalText(
      'backup',
      t('Where is the backup, and how is it restored?'),
      t('bucket backups, pg_restore as on the page Restore'),
    ),
    optionalText('dashboard', t('Which dashboard shows whether it works?'), t('Shop overview')),
    optionalText(
      'decider',
      t('Who decides to roll back, and how are they reached?'),
      t('the engineer on call, in the channel incidents'),
    ),
    optionalText(
      'noReturn',
      t('After what does going back lose data?'),
      t('the old column is dropped'),
      t('Empty: what is usual for this kind of change.'),
    ),
  ];
}

const environments: readonly Environment[] = ['production', 'staging', 'development'];

const environmentQuestion: NativeQuestion<{ environment: string }> = {
  ask: async (input, answers) => {
    answers.environment = await input.pick<string>({
      placeholder: t('Which environment is it for?'),
      active: answers.environment,
      choices: environments.map((value) => ({ label: environmentWord(value), value })),
    });
  },
};
