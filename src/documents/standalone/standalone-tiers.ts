import { t } from '../../messages/translate';
import { bytesText } from '../../templates/bytes-text';
import type { Tier } from '../rollback-document';
import type { KnownDatabase, RunbookAnswers } from './answers';

/** The three ways back, the fastest first, from what was answered. */
export function standaloneTiers(answers: RunbookAnswers, database: KnownDatabase | null): Tier[] {
  const service = answers.service ?? answers.title;
  return [quick(answers, service), standard(answers, service), full(answers, service, database)];
}

function quick(answers: RunbookAnswers, service: string): Tier {
  return {
    id: 'quick',
    title: t('Quick rollback'),
    limit: t('under 5 minutes'),
    use: t(
      'The application misbehaves after a release, or users feel a running data change. Nothing of the data has to change.',
    ),
    steps: [
      t('Stop whatever changes data in batches. What is done stays, and it can go on later.'),
      answers.flag === null
        ? t('There is no feature flag. Send traffic back to instances of the previous release.')
        : t('Switch the feature flag {0} off.', answers.flag),
      t('Leave the schema as it is: the previous release works with it.'),
    ],
    commands: null,
    proof: t(
      'Within five minutes error rate and latency are back where they were before the step. {0}',
      lookAt(answers),
    ),
    verify: null,
    messages: [
      {
        when: t('When it is done'),
        text: t(
          'We have stopped "{0}" and gone back to the previous version of {1}. No data is affected. We are looking for the cause and will write again within the hour.',
          answers.title,
          service,
        ),
      },
    ],
  };
}

function standard(answers: RunbookAnswers, service: string): Tier {
  return {
    id: 'standard',
    title: t('Standard rollback'),
    limit: t('under 30 minutes'),
    use: t('A release or a change of the schema is in the way, or data is wrong in the new place only.'),
    steps: [
      t('Do the quick rollback first.'),
      answers.releaseCommand === null
        ? t('Release the previous version of the application the way it is always released.')
        : t('Release the previous version of the application with the command below.'),
      t(
        'Take back the changes of the database, the last one first, each with its own down script. Stop at the first failure.',
      ),
    ],
    commands: answers.releaseCommand,
    proof: t(
      'Every instance reports the previous version, and the schema is what it was before. {0}',
      lookAt(answers),
    ),
    verify: null,
    messages: [
      {
        when: t('When it is done'),
        text: t(
          'We have taken back "{0}", and {1} works as usual again. No data is lost. The change will be planned anew.',
          answers.title,
          service,
        ),
      },
    ],
  };
}

function full(answers: RunbookAnswers, service: string, database: KnownDatabase | null): Tier {
  return {
    id: 'full',
    title: t('Full rollback'),
    limit: t('under 2 hours'),
    use: t(
      'Data is lost or wrong where the application reads it, or the point of no return is passed and its effect has to go.',
    ),
    steps: [
      t('Stop all writes: take {0} out of service and end its database sessions.', service),
      t('Back up what is there now, so that nothing written since is lost.'),
      answers.backup === null
        ? t(
            'Restore the latest backup taken before the change beside the database, or recover to the minute before the step where WAL is archived (point-in-time recovery).',
          )
        : t('Restore the backup: {0}', answers.backup),
      t(
        'Bring over what was written since: compare both by primary key, and decide row by row where they differ.',
      ),
      t('Start the release that fits the restored data, then let writes in again.'),
    ],
    commands: null,
    proof:
      database === null
        ? t('Row counts agree with the backup, and every write made since it is accounted for.')
        : t(
            'Row counts of {0} agree with the backup (before the change its size was about {1}), and every write made since is accounted for.',
            database.label,
            bytesText(database.bytes),
          ),
    verify: null,
    messages: [
      {
        when: t('When it begins'),
        text: t(
          'We are restoring the data of {1} because of a fault in "{0}". The service is read-only or unavailable for up to two hours. We write every thirty minutes.',
          answers.title,
          service,
        ),
      },
      {
        when: t('When it is done'),
        text: t(
          'We have restored {1}, and it works again. "{0}" has been taken back. What was written in between has been brought over or will be settled with each person concerned.',
          answers.title,
          service,
        ),
      },
    ],
  };
}

function lookAt({ dashboard }: RunbookAnswers): string {
  return dashboard === null
    ? t('Look at the logs of application and database.')
    : t('Look at {0}.', dashboard);
}
