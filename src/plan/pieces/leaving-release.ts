import { t } from '../../messages/translate';
import type { PlanOptions } from '../plan';
import { deployStep, waitStep } from './plain-steps';
import type { PhaseDraft } from './step-draft';

export interface LeftRule {
  /** What goes, as a noun: `the constraint orders_amount_check`. */
  rule: string;
  /** What the application must do without it, in whole sentences. */
  instructions: string;
  /** SQL that is true while it is there. */
  present: string;
  options: PlanOptions;
}

/** The phase before a rule goes: the release that does not need it, and the time others have to follow. */
export function leavingPhase({ rule, instructions, present, options }: LeftRule): PhaseDraft {
  return {
    name: 'migrate',
    goal: t('Nobody relies on {0} any more.', rule),
    steps: [
      deployStep({
        slug: 'release-without',
        title: t('Release the application that does without {0}', rule),
        action: t('From this release on no code relies on it.'),
        instructions,
        rollbackInstructions: t('Release the previous version again: what it relies on is there.'),
        holds: [present],
        expectation: t('It is still there, for versions that rely on it.'),
      }),
      waitStep(
        options.deprecationDays,
        t('Code that relies on it still works.'),
        t('Jobs that run monthly and people with scripts of their own may still rely on it.'),
      ),
    ],
  };
}
