import { t } from '../../messages/translate';
import { levelText, type MigrationTypeFacts } from '../migration-types';
import type { RiskView } from '../plan-document';

/** What goes wrong with migrations of any type, and what this plan does against it. */
export function standaloneRisks({ risk }: MigrationTypeFacts): RiskView[] {
  const grave = levelText(risk === 'low' ? 'medium' : risk);
  const row = (
    words: string,
    likelihood: 'low' | 'medium' | 'high',
    mitigation: string,
    evidence: string,
  ): RiskView => ({
    risk: words,
    likelihood: levelText(likelihood),
    impact: grave,
    mitigation,
    evidence,
  });
  return [
    row(
      t('There is no way back when it is needed.'),
      'low',
      t('Every step has its rollback, or says why there is none.'),
      t('the table under Phases'),
    ),
    row(
      t('The way back was never tried, and fails.'),
      'medium',
      t('It is run on staging before anything runs on production: forward, back, forward again.'),
      t('the log of that run'),
    ),
    row(
      t('Old and new version do not work at the same time.'),
      'medium',
      t('Both are supported until nobody uses the old one.'),
      t('the tests of both versions, run against each phase'),
    ),
    row(
      t('A fault is seen too late.'),
      'medium',
      t('A dashboard of its own with error rate, latency and data errors is watched at every stage.'),
      t('the dashboard, and its values on a normal day'),
    ),
    row(
      t('The old shape goes while somebody still uses it.'),
      'medium',
      t('Uses of it are logged, and the full waiting time is kept.'),
      t('the log of uses'),
    ),
    row(
      t('Somebody affected does not know of it.'),
      'medium',
      t('Everybody under Scope is told before each phase, and of the outcome.'),
      t('the messages, with their dates'),
    ),
    row(
      t('It is hurried, and checks are left out.'),
      'medium',
      t('The timeline has room for each of them; a stage that is not green moves all later dates.'),
      t('the timeline'),
    ),
    row(
      t('A statement takes far longer on production than anybody thought.'),
      'medium',
      t('The whole of it has run on a copy of production data, and its times are noted.'),
      t('the log of that run'),
    ),
  ];
}
