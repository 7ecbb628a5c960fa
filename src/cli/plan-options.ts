import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { defaultPlanOptions, deployStepChoices, dualWriters, type PlanOptions } from '../plan/plan';
import { optionalChoice, optionalNumber, optionalText } from './option-values';
import type { OptionValues, VerbOptions } from './verb';

/** The options that shape a plan, shared by plan and scaffold. */
export const planOptionOptions: VerbOptions = {
  'migrations-folder': {
    type: 'string',
    value: 'FOLDER',
    help: t('where its migrations go; the folder that is found unless said'),
  },
  'batch-milliseconds': {
    type: 'string',
    value: 'N',
    help: t(
      'how long a batch of the backfill may take; {0} unless said',
      defaultPlanOptions.batchMilliseconds,
    ),
  },
  'batch-rows': {
    type: 'string',
    value: 'N',
    help: t('how many rows its first batch has; {0} unless said', defaultPlanOptions.batchRows),
  },
  'deprecation-days': {
    type: 'string',
    value: 'N',
    help: t('how long the old form stays when nothing uses it'),
  },
  'dual-write': {
    type: 'string',
    value: dualWriters.join('|'),
    help: t('of a rename: who keeps the old and the new column equal'),
  },
  deploys: {
    type: 'string',
    value: deployStepChoices.join('|'),
    help: t('of a rename: whether the application moves over in one release or in several'),
  },
};

/** Of a rename: who keeps old and new column equal, and in how many releases the application moves over. */
export const planUsage = '[--dual-write trigger|application] [--deploys one|separate]';

/** The choices `draftPlan` takes. Throws `usage` for numbers out of range, other words, and what cannot be together. */
export function readPlanOptions(values: OptionValues): {
  options: Partial<PlanOptions>;
  migrationsFolder?: string;
} {
  const options: Partial<PlanOptions> = {};
  const batchMilliseconds = optionalNumber(values, 'batch-milliseconds', 1, 60_000);
  if (batchMilliseconds !== null) options.batchMilliseconds = batchMilliseconds;
  const batchRows = optionalNumber(values, 'batch-rows', 1, 1_000_000);
  if (batchRows !== null) options.batchRows = batchRows;
  const deprecationDays = optionalNumber(values, 'deprecation-days', 0, 3650);
  if (deprecationDays !== null) options.deprecationDays = deprecationDays;
  const dualWrite = optionalChoice(values, 'dual-write', dualWriters);
  if (dualWrite !== null) options.dualWrite = dualWrite;
  const deploySteps = optionalChoice(values, 'deploys', deployStepChoices);
  if (deploySteps !== null) options.deploySteps = deploySteps;
  if (dualWrite === 'application' && deploySteps === 'one') {
    throw new SwitchbackError(
      'usage',
      t('With --dual-write application each step is a release of its own. Leave --deploys one out.'),
    );
  }
  return { options, migrationsFolder: optionalText(values, 'migrations-folder') ?? undefined };
}
