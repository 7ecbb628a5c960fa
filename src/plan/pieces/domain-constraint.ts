import type { OwnType } from '../../assess/own-type';
import { provedUses } from '../../assess/domain-values';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import type { StepForecast } from '../plan';
import { stepForecast } from '../step-forecast';
import { locklessForecast } from './lockless-forecast';
import { acceptFinding } from './accepted-finding';

/** `ALTER DOMAIN app.price ...`. */
export function alterDomain({ name }: OwnType, what: string): string {
  return `ALTER DOMAIN ${formatQualifiedName(name)} ${what}`;
}

/** Requires the check of new values, without looking at those that are there. */
export function addDomainConstraint(type: OwnType, name: string, definition: string): string {
  return alterDomain(type, `ADD CONSTRAINT ${formatIdentifier(name)} ${definition} NOT VALID`);
}

/** Proves the check of the values that are there, while nobody writes them. */
export function validateDomainConstraint(type: OwnType, name: string): string {
  const validate = alterDomain(type, `VALIDATE CONSTRAINT ${formatIdentifier(name)}`);
  if (provedUses(type).length === 0) return validate;
  return acceptFinding('domain-constraint', t('the tables were small when this was planned'), validate);
}

/** Lets any value be that the base type takes. */
export function dropDomainConstraint(type: OwnType, name: string): string {
  return alterDomain(type, `DROP CONSTRAINT ${formatIdentifier(name)}`);
}

/** SQL that is true where the domain has the constraint, validated or not. */
export function domainConstraintExists({ name: domain }: OwnType, name: string, validated: boolean): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE contypid = pg_catalog.to_regtype(${quoteLiteral(formatQualifiedName(domain))}) ` +
    `AND conname = ${quoteLiteral(name)}${validated ? ' AND convalidated' : ''})`
  );
}

/** What proving locks: every table with values, of which the one that the plan is about is named. */
export function proofForecast(type: OwnType, table: TableFacts): StepForecast {
  const tables = provedUses(type).map((use) => use.table);
  const own = formatQualifiedName(table.name);
  const on = tables.find((each) => formatQualifiedName(each) === own) ?? tables[0];
  return on === undefined ? locklessForecast() : stepForecast('ShareLock', 'scan', table, on);
}
