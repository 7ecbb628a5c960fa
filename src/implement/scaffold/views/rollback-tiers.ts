import type { Tier } from '../../../documents/rollback-document';
import { t } from '../../../messages/translate';
import { stepsOf, type Plan, type Step } from '../../../plan/plan';
import {
  enterFolder,
  rollbackCommand,
  rollbackScript,
  verifyScript,
  type CommandPlace,
} from './rollback-commands';

/** The three ways back, the fastest first. `database` is how messages name it. */
export function rollbackTiers(plan: Plan, place: CommandPlace, database: string): Tier[] {
  return [quick(plan, place, database), standard(plan, place, database), full(plan, place, database)];
}

function has(plan: Plan, kind: Step['kind']): boolean {
  return stepsOf(plan).some((step) => step.kind === kind);
}

function quick(plan: Plan, place: CommandPlace, database: string): Tier {
  const deploys = stepsOf(plan).filter((step) => step.kind === 'deploy');
  return {
    id: 'quick',
    title: t('Quick rollback'),
    limit: t('under 5 minutes'),
    use: t(
      'The application misbehaves after a release, or users feel the backfill. Nothing of the database has to change.',
    ),
    steps: [
      ...(has(plan, 'backfill')
        ? [
            t(
              'Pause the backfill if it runs: the command "Switchback: Pause Backfill", or Ctrl-C in its terminal. Nothing is lost; it goes on later from its checkpoint.',
            ),
          ]
        : []),
      ...(deploys.length > 0
        ? [
            t(
              'If the release is behind a feature flag, switch the flag off; then the previous release is not needed.',
            ),
          ]
        : []),
      ...deploys.map((step) => t('Is step {0} done? {1}', step.id, step.rollbackInstructions)).reverse(),
      plan.pointOfNoReturn === null
        ? t('Leave the schema as it is. The previous release works with it.')
        : t(
            'Leave the schema as it is. Until step {0} the previous release works with it.',
            plan.pointOfNoReturn.step,
          ),
    ],
    commands: null,
    proof: t(
      'Within five minutes error rate and latency are back where they were before the step, and the command below still says "done and verified" of what was done: the schema is as it was.',
    ),
    verify: [enterFolder(place), verifyScript(place, null)].join('\n'),
    messages: [
      {
        when: t('When it is done'),
        text: t(
          'We have stopped "{0}" on {1} and gone back to the previous release. No data is affected. We are looking for the cause and will write again within the hour.',
          plan.title,
          database,
        ),
      },
    ],
  };
}

function standard(plan: Plan, place: CommandPlace, database: string): Tier {
  return {
    id: 'standard',
    title: t('Standard rollback'),
    limit: t('under 30 minutes'),
    use:
      plan.pointOfNoReturn === null
        ? t('The schema is in the way, or data is wrong in the new place only.')
        : t(
            'The schema is in the way, or data is wrong in the new place only; step {0} has not run.',
            plan.pointOfNoReturn.step,
          ),
    steps: [
      t('Do the quick rollback first: no instance of the application may need what is about to go.'),
      t(
        'Take back the steps done so far, the last one first: with the command "Switchback: Roll Back…" in VS Code, or with one of the two below. Each stops at the first failure. Where a release has to be taken back, it stops as well, and says how to confirm that the previous release is back. What it does for each step stands under "Phase by phase".',
      ),
      t(
        'A migration of the folder {0} is taken back by its down file, and its row in the migration history goes with it.',
        plan.layout.folder,
      ),
    ],
    commands: [
      t('# With Switchback from a terminal, in the workspace folder; DATABASE_URL names the database:'),
      rollbackCommand(place),
      '',
      t('# Or with bash and psql: the first script call shows what would be done, the second does it.'),
      enterFolder(place),
      ...rollbackScript(place, null),
    ].join('\n'),
    proof: t(
      'The command below says "rolled-back" of every step that was done, and the schema is what it was before the plan. The rehearsal in report.md shows how exactly the way back restores it.',
    ),
    verify: verifyScript(place, null),
    messages: [
      {
        when: t('When it is done'),
        text: t(
          '"{0}" on {1} has been rolled back. The schema is as it was before, and no data is lost. The service works as usual. The change will be planned anew.',
          plan.title,
          database,
        ),
      },
    ],
  };
}

function full(plan: Plan, place: CommandPlace, database: string): Tier {
  return {
    id: 'full',
    title: t('Full rollback'),
    limit: t('under 2 hours'),
    use:
      plan.pointOfNoReturn === null
        ? t(
            'Values are lost or wrong where the application reads them. No step of this plan loses one; something else has.',
          )
        : t(
            'Values are lost or wrong where the application reads them, or step {0} has run and its effect has to go.',
            plan.pointOfNoReturn.step,
          ),
    steps: [
      t('Stop all writes to {0}: take the application out of service and end its sessions.', database),
      t('Back up what is there now, so that nothing written since is lost.'),
      t(
        'Restore the backup taken before the plan beside the database, or recover to the minute before the step where WAL is archived (point-in-time recovery).',
      ),
      t(
        'Bring over what was written since: compare both by primary key, and decide row by row where they differ.',
      ),
      t('Start the release of the application that fits the restored schema, then let writes in again.'),
    ],
    commands: null,
    proof: t(
      'Row counts agree with the backup, every write made since it is accounted for, and what the command below says of each step fits the restored database: "ready" where nothing of it is there.',
    ),
    verify: [enterFolder(place), verifyScript(place, null)].join('\n'),
    messages: [
      {
        when: t('When it begins'),
        text: t(
          'We are restoring {1} because of a fault in "{0}". The service is read-only or unavailable for up to two hours. We write every thirty minutes.',
          plan.title,
          database,
        ),
      },
      {
        when: t('When it is done'),
        text: t(
          'We have restored {1}, and the service works again. "{0}" has been taken back. What was written in between has been brought over or will be settled with each person concerned.',
          plan.title,
          database,
        ),
      },
    ],
  };
}
