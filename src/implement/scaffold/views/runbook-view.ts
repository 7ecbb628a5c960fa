import { t } from '../../../messages/translate';
import { stepsOf, type Plan, type Step } from '../../../plan/plan';

export interface RunbookView {
  /** Command lines of the program `switchback`. */
  commands: { rollback: string; verify: string; status: string };
  quick: Procedure;
  standard: Procedure;
  full: Procedure;
  noReturnStep: string;
  noReturnTitle: string;
  noReturnWhy: string;
  messages: { when: string; text: string }[];
}

export interface Procedure {
  /** What it is for. */
  use: string;
  steps: string[];
  /** How to see that it worked. */
  proof: string;
}

/** `plansFolder` is relative to the workspace, with `/`. */
export function runbookView(plan: Plan, plansFolder: string, database: string): RunbookView {
  const folder = `${plansFolder}/${plan.id}`;
  const last = stepsOf(plan).find((step) => step.id === plan.pointOfNoReturn.step);
  const title = last?.title ?? plan.pointOfNoReturn.step;
  return {
    commands: {
      rollback: `switchback rollback ${folder} --database-url env:DATABASE_URL`,
      verify: `psql "$DATABASE_URL" --file ${folder}/verify.sql`,
      status: `switchback status --database-url env:DATABASE_URL`,
    },
    quick: quick(plan),
    standard: standard(plan),
    full: full(plan, database),
    noReturnStep: plan.pointOfNoReturn.step,
    noReturnTitle: title,
    noReturnWhy: plan.pointOfNoReturn.why,
    messages: messages(plan, database),
  };
}

function has(plan: Plan, kind: Step['kind']): boolean {
  return stepsOf(plan).some((step) => step.kind === kind);
}

function quick(plan: Plan): Procedure {
  const deploys = stepsOf(plan).filter((step) => step.kind === 'deploy');
  const steps = [
    ...(has(plan, 'backfill')
      ? [
          t(
            'Pause the backfill: "Switchback: Pause Backfill", or Ctrl-C in its terminal. It loses nothing; its checkpoint is in the database.',
          ),
        ]
      : []),
    ...deploys.map((step) => step.rollbackInstructions),
    t('Leave the schema as it is: until contract the previous release of the application works with it.'),
    t('Send the first message below.'),
  ];
  return {
    use: t(
      'The application misbehaves after a release, or the backfill is felt. Nothing of the database has to change.',
    ),
    steps,
    proof: t('Error rate and latency are back where they were before the step, within five minutes.'),
  };
}

function standard(plan: Plan): Procedure {
  return {
    use: t(
      'The schema itself is in the way, or data is wrong in the new place only. The point of no return has not been passed.',
    ),
    steps: [
      t('Do the quick rollback first: no instance of the application may need what is about to go.'),
      t(
        'Take back the steps done so far, the last first. The command below does it and stops at the first failure; the same SQL stands under each phase further down.',
      ),
      t(
        'A migration of {0} is taken back by its down file, and its history goes back with it.',
        plan.layout.folder,
      ),
      t('Run verify.sql; the queries of the steps taken back must no longer hold, those before must.'),
      t('Send the second message below.'),
    ],
    proof: t(
      'The catalog is as it was before the plan: the rehearsal has shown that the down files restore it.',
    ),
  };
}

function full(plan: Plan, database: string): Procedure {
  return {
    use: t('Data is lost or wrong in the place of record, or step {0} has run.', plan.pointOfNoReturn.step),
    steps: [
      t('Stop all writes to {0}: take the application out of service, and end its sessions.', database),
      t('Take a backup of what there is now, so that nothing written since can be lost twice.'),
      t(
        'Restore the backup taken before the plan beside it, or go back in time to the minute before the step with point-in-time recovery.',
      ),
      t(
        'Bring over what was written since: compare both by primary key, and decide row by row where they differ.',
      ),
      t('Release the version of the application that fits the restored schema, then let writes in again.'),
      t('Run verify.sql and send the third message below.'),
    ],
    proof: t('Row counts and the application agree with the backup, and every write since is accounted for.'),
  };
}

function messages(plan: Plan, database: string): RunbookView['messages'] {
  return [
    {
      when: t('After the quick rollback'),
      text: t(
        'We have paused "{0}" on {1} and gone back to the previous release. No data is affected. We are looking into the cause and will write again within the hour.',
        plan.title,
        database,
      ),
    },
    {
      when: t('After the standard rollback'),
      text: t(
        '"{0}" on {1} has been rolled back completely. The schema is as it was before, and no data is lost. The service works as usual; the change will be planned anew.',
        plan.title,
        database,
      ),
    },
    {
      when: t('When the full rollback begins, and again when it ends'),
      text: t(
        'We are restoring {1} because of a fault in "{0}". The service is read only or unavailable meanwhile, for up to two hours. We write every thirty minutes, and when it is over.',
        plan.title,
        database,
      ),
    },
  ];
}
