import { t } from '../../messages/translate';
import { asKind, strings } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { constraintPlace } from '../reading/constraint-text';
import { isUnseen } from '../reading/commands';
import type { Rule, RuleContext } from '../rule';

export const domainConstraint: Rule = {
  id: 'domain-constraint',
  title: 'A constraint of a domain that is checked at once',
  severity: 'error',
  on: ['AlterDomainStmt'],
  since: null,
  until: null,
  why: 'ALTER DOMAIN reads every table that has a column of the domain, under SHARE, so that writes to all of them wait. Added with NOT VALID the constraint holds for new values at once, without reading anything.',
  url: 'https://www.postgresql.org/docs/current/sql-alterdomain.html',
  bad: {
    before: 'create domain price as numeric; create table orders (id int primary key, amount price);',
    sql: 'alter domain price add constraint positive check (value > 0);',
  },
  good: {
    before: 'create domain price as numeric; create table orders (id int primary key, amount price);',
    sql: 'alter domain price add constraint positive check (value > 0) not valid;',
  },
  check(context) {
    const alter = asKind(context.statement.node, 'AlterDomainStmt');
    const read = context.forecast.works
      .filter((work) => work.kind === 'scan' && !isUnseen(context, work.relation))
      .map((work) => relationLabel(work.relation));
    if (!alter || read.length === 0) return [];
    const message =
      alter.subtype === 'V'
        ? t(
            'Validating a constraint of a domain stops writes to {0} while all rows are read. Do it while they are little used.',
            read.join(', '),
          )
        : t(
            'Writes to {0} wait while all rows are read for the domain {1}. Add the constraint with NOT VALID: it then holds for new values, and VALIDATE, which stops writes as well, can wait for a quiet hour.',
            read.join(', '),
            strings(alter.typeName).join('.'),
          );
    return [{ message, fix: alter.subtype === 'C' ? notValid(context) : null }];
  },
};

function notValid({ statement, script }: RuleContext): FixProposal | null {
  const constraint = asKind(asKind(statement.node, 'AlterDomainStmt')?.def, 'Constraint');
  if (constraint?.contype !== 'CONSTR_CHECK') return null;
  const { end } = constraintPlace(script.sql, statement, constraint);
  return {
    kind: 'edit',
    title: t('Add it with NOT VALID: for new values only'),
    edits: [{ start: end, end, newText: ' NOT VALID' }],
    follows: [],
  };
}
