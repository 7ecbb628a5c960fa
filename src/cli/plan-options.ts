import { optionalNumber, optionalText } from './option-values';
import type { PlanOptions } from '../plan/plan';
import type { OptionValues, Verb } from './verb';

/** The options that shape a plan, shared by plan and scaffold. */
export const planOptionOptions: Verb['options'] = {
  'migrations-folder': { type: 'string' },
  'batch-milliseconds': { type: 'string' },
  'batch-rows': { type: 'string' },
  'deprecation-days': { type: 'string' },
};

/** The choices `draftPlan` takes. Throws `usage` for numbers out of range. */
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
  return { options, migrationsFolder: optionalText(values, 'migrations-folder') ?? undefined };
}
