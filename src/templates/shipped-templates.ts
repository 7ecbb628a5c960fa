import { t } from '../messages/translate';

/** A template that comes with the product. */
export interface ShippedTemplate {
  /** Below `templates/`, with slashes: `plan.md.hbs`, `partials/thresholds.hbs`. */
  name: string;
  /** What it makes, in one line. */
  makes: string;
}

/** Every template and partial, in the order people are shown them; test/templates compares it with `templates/`. */
export function shippedTemplates(): ShippedTemplate[] {
  return [
    { name: 'plan.md.hbs', makes: t('The plan: scope, strategy, phases, steps, timeline, risks, approvals') },
    {
      name: 'rollback.md.hbs',
      makes: t('The rollback runbook: when to go back, how, and from where no way leads back'),
    },
    { name: 'checklist.md.hbs', makes: t('The checklist: before, during, after, clean-up') },
    { name: 'verify.sql.hbs', makes: t('The queries that prove each step') },
    { name: 'report.md.hbs', makes: t('The report of a verification') },
    {
      name: 'retrospective.md.hbs',
      makes: t('The look back: estimates, what they became, what to talk about'),
    },
    { name: 'migration-up.sql.hbs', makes: t('The up file of a plan’s step') },
    { name: 'migration-down.sql.hbs', makes: t('The down file of a plan’s step') },
    { name: 'new-up.sql.hbs', makes: t('The up file of a new migration in SQL') },
    { name: 'new-down.sql.hbs', makes: t('The down file of a new migration in SQL') },
  ];
}

/** A partial is no document of its own: templates include it. */
export function isPartial(name: string): boolean {
  return name.startsWith('partials/');
}
