import { isDay, type PlanAnswers } from '../assess/plan-answers';
import { prerequisiteIds, type PrerequisiteConfirmation } from '../assess/prerequisites';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Clock } from '../ports/clock';
import { listOfText, optionalText } from './option-values';
import type { OptionValues, VerbOptions } from './verb';

/** What people say of a plan, shared by assess, plan and scaffold. */
export const answerOptions: VerbOptions = {
  systems: { type: 'string', value: 'TEXT', help: t('the systems it concerns; proposed from what is found') },
  users: { type: 'string', value: 'TEXT', help: t('the users who notice it') },
  downtime: { type: 'string', value: 'TEXT', help: t('the downtime that is acceptable; none unless said') },
  deadline: { type: 'string', value: 'YYYY-MM-DD', help: t('the day by which it has to be done') },
  'confirm-prerequisite': {
    type: 'string',
    multiple: true,
    value: 'ID=NAME',
    help: t(
      'who vouches for a prerequisite that nothing on the database shows: {0}',
      prerequisiteIds.join(', '),
    ),
  },
};

export const answerUsage =
  '[--systems TEXT] [--users TEXT] [--downtime TEXT] [--deadline YYYY-MM-DD] [--confirm-prerequisite ID=NAME]...';

/** What the options say. Throws `usage` for a deadline that is no day, an unknown prerequisite or a missing name. */
export function readAnswers(values: OptionValues, clock: Clock): PlanAnswers {
  const deadline = said(values, 'deadline');
  if (deadline !== null && !isDay(deadline))
    throw new SwitchbackError('usage', t('--deadline takes a day as 2026-12-31, not "{0}".', deadline));
  return {
    scope: {
      systems: said(values, 'systems'),
      users: said(values, 'users'),
      downtime: said(values, 'downtime'),
    },
    deadline,
    confirmations: listOfText(values, 'confirm-prerequisite').map((text) => readConfirmation(text, clock)),
  };
}

function said(values: OptionValues, name: string): string | null {
  const text = optionalText(values, name)?.trim() ?? '';
  return text === '' ? null : text;
}

function readConfirmation(text: string, clock: Clock): PrerequisiteConfirmation {
  const at = text.indexOf('=');
  const id = prerequisiteIds.find((item) => item === text.slice(0, at).trim());
  const name = text.slice(at + 1).trim();
  if (at < 0 || id === undefined || name === '') {
    throw new SwitchbackError(
      'usage',
      t(
        '--confirm-prerequisite takes ID=NAME, the ID one of {0}, not "{1}".',
        prerequisiteIds.join(', '),
        text,
      ),
    );
  }
  return { id, name, at: clock.now().toISOString(), note: '' };
}
