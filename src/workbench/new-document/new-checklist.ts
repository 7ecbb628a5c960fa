import type { ChecklistAnswers } from '../../documents/standalone/answers';
import type { MigrationTypeId } from '../../documents/migration-types';
import { t } from '../../messages/translate';
import { askQuestions, type NativeQuestion } from '../multi-step-input';
import type { Services } from '../services';
import { changeTypeQuestion, rolesQuestion, titleQuestion, yesOrNo } from './fields';
import { prepare, underFreeName, write, type Preparation } from './preparation';
import { showWritten } from './show-written';

/** The answers while they are asked for; days that nobody has said follow the kind of change. */
type Draft = Omit<ChecklistAnswers, 'deprecationDays'> & { deprecationDays: number | null };

/** Asks what a checklist needs and writes it, with no plan behind it. */
export async function createChecklist(services: Services): Promise<void> {
  const preparation = await prepare(services);
  const title = t('New Checklist');
  const draft = await askQuestions(title, questions(), firstAnswers(preparation));
  const answers = { ...draft, deprecationDays: draft.deprecationDays ?? usualDays(draft.changeType) };
  const { newChecklist } = await import('../../journey/new-document');
  await showWritten(
    await underFreeName(
      () =>
        write(services, preparation, title, (context, database) => newChecklist(context, database, answers)),
      () => askQuestions(title, [titleQuestion()], answers),
    ),
  );
}

function firstAnswers({ context, defaults }: Preparation): Draft {
  return {
    title: t('Migration of {0}', defaults.project),
    changeType: 'schema-additive',
    backfill: false,
    flag: false,
    deprecationDays: null,
    roles: [...context.workspace.configuration.approvalRoles],
  };
}

function questions(): NativeQuestion<Draft>[] {
  return [
    titleQuestion(),
    changeTypeQuestion(),
    yesOrNo('backfill', t('Are rows rewritten in batches?'), {
      yes: t('a backfill fills or converts existing rows'),
      no: t('existing rows stay as they are'),
    }),
    yesOrNo('flag', t('Does a feature flag switch the change on?'), {
      yes: t('it can be switched off without a release'),
      no: t('a release switches it on'),
    }),
    {
      ask: async (input, answers) => {
        const days = await input.text({
          prompt: t('Days between the switch and the removal of the old shape; 0 where nothing old is left'),
          value: String(answers.deprecationDays ?? usualDays(answers.changeType)),
          validate: (value) =>
            /^\d{1,4}$/.test(value.trim()) ? undefined : t('Write a number of days from 0 to 9999.'),
        });
        answers.deprecationDays = Number(days.trim());
      },
    },
    rolesQuestion(),
  ];
}

/** What is added leaves nothing old behind; everything else is kept beside the new for two weeks. */
function usualDays(type: MigrationTypeId): number {
  return type === 'schema-additive' ? 0 : 14;
}
