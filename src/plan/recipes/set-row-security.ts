import type { Assessment } from '../../assess/assessment';
import type { SetRowSecurity } from '../../assess/changes/set-row-security';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { deployStep, migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { regclass } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/** Makes a policy, and then turns row security on, once the application can live with it. */
export const setRowSecurityRecipe: Recipe<SetRowSecurity> = {
  id: 'set-row-security',
  blockers,
  phases: ({ change, assessment: { table, server } }) => {
    const turnsOn = !table.rowSecurity.enabled;
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: turnsOn ? t('The policy is there and does not count yet.') : t('The policy is there.'),
          steps: [policyStep(change, table)],
        },
        {
          name: 'migrate',
          goal: turnsOn ? t('The application can live with the policy.') : t('Nothing has to move.'),
          steps: turnsOn ? [releaseStep(change, table)] : [],
        },
        {
          name: 'contract',
          goal: turnsOn ? t('The policy counts.') : t('Nothing is left to do.'),
          steps: turnsOn ? [enableStep(table)] : [],
        },
      ],
      noReturn: null,
      notes: notes(change, table, server.major),
    });
  },
};

function policyStep(change: SetRowSecurity, table: TableFacts): StepDraft {
  const relation = formatQualifiedName(table.name);
  const policy = formatIdentifier(change.policy);
  const parts = [
    `CREATE POLICY ${policy} ON ${relation}`,
    `FOR ${change.command.toUpperCase()}`,
    `TO ${change.role === null ? 'PUBLIC' : formatIdentifier(change.role)}`,
    ...(change.using === null ? [] : [`USING (${change.using})`]),
    ...(change.check === null ? [] : [`WITH CHECK (${change.check})`]),
  ];
  return migrationStep({
    slug: 'create-policy',
    title: t('Create the policy {0} on {1}', policy, relation),
    action: table.rowSecurity.enabled
      ? t('Row security is on already: what the policy allows is added to what the others allow, at once.')
      : t('As long as row security is off, nobody notices it.'),
    forward: [parts.join('\n  ')],
    rollback: [`DROP POLICY ${policy} ON ${relation}`],
    holds: [
      `EXISTS (SELECT FROM pg_catalog.pg_policy WHERE polrelid = ${regclass(table.name)} AND polname = ${quoteLiteral(change.policy)})`,
    ],
    expectation: t('The policy {0} is there.', policy),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function releaseStep({ using, check }: SetRowSecurity, table: TableFacts): StepDraft {
  const relation = formatQualifiedName(table.name);
  const conditions = [using, check].flatMap((each) => each ?? []);
  return deployStep({
    slug: 'live-with-policy',
    title: t('Release the application that lives with the policy on {0}', relation),
    action: t('From the next step on a query gives only the rows that a policy shows to its role.'),
    instructions: t(
      'Make the application connect as the role that is meant, and set in every session or transaction what the policy asks for: {0}. Release it to all instances.',
      conditions.join('; '),
    ),
    rollbackInstructions: t(
      'Release the previous version again: as long as row security is off it sees every row.',
    ),
    holds: [`${regclass(table.name)} IS NOT NULL`],
    expectation: t(
      'The table is there; that every instance sets what the policy asks for is for you to confirm.',
    ),
  });
}

function enableStep(table: TableFacts): StepDraft {
  const relation = formatQualifiedName(table.name);
  return migrationStep({
    slug: 'enable-row-security',
    title: t('Turn on row security of {0}', relation),
    action: t('From now on a role sees and writes only what a policy allows it. No row is read or written.'),
    forward: [`ALTER TABLE ${relation} ENABLE ROW LEVEL SECURITY`],
    rollback: [`ALTER TABLE ${relation} DISABLE ROW LEVEL SECURITY`],
    holds: [`(SELECT relrowsecurity FROM pg_catalog.pg_class WHERE oid = ${regclass(table.name)})`],
    expectation: t('Row security of {0} is on.', relation),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function blockers(_change: SetRowSecurity, { table }: Assessment): string[] {
  if (table.partitionOf === null) return [];
  return [
    t(
      '{0} is a partition of {1}, whose own policies count for what goes through it. Plan it on that table.',
      formatQualifiedName(table.name),
      formatQualifiedName(table.partitionOf),
    ),
  ];
}

function notes(change: SetRowSecurity, table: TableFacts, major: number): string[] {
  const relation = formatQualifiedName(table.name);
  const found: string[] = [];
  if (!table.rowSecurity.forced)
    found.push(
      t(
        'The owner of {0}, {1}, is not bound by policies. If the application connects as that role, give it another one, or use FORCE ROW LEVEL SECURITY.',
        relation,
        formatIdentifier(table.owner),
      ),
    );
  const blind = rolesWithoutPolicy(change, table);
  if (blind.length > 0)
    found.push(
      t(
        'No policy shows these roles any row of {0}, so that they will find it empty: {1}. Give each a policy before contract where that is not meant.',
        relation,
        blind.map(formatIdentifier).join(', '),
      ),
    );
  if (table.dependents.views.length > 0)
    found.push(
      t(
        'These views read {0} by the rights of their owner unless they have security_invoker{1}: {2}.',
        relation,
        major >= 15 ? '' : ' ' + t('(from PostgreSQL 15)'),
        table.dependents.views.map(({ name }) => formatQualifiedName(name)).join(', '),
      ),
    );
  if (table.partitioning !== null || table.inheritedBy.length > 0)
    found.push(
      t('Who reads a partition or a child of {0} by its own name is not bound by these policies.', relation),
    );
  return found;
}

/** Roles that may read the table and that neither the new policy nor another is for. Membership is not looked at. */
function rolesWithoutPolicy(
  { command, role }: SetRowSecurity,
  { privileges, rowSecurity }: TableFacts,
): string[] {
  const shows = [{ command, roles: [role ?? 'public'], permissive: true }, ...rowSecurity.policies].filter(
    (policy) => policy.permissive && (policy.command === 'all' || policy.command === 'select'),
  );
  const served = new Set(shows.flatMap(({ roles }) => roles));
  if (served.has('public')) return [];
  const readers = privileges.filter(({ privilege }) => privilege === 'SELECT').map(({ grantee }) => grantee);
  return [...new Set(readers)].filter((reader) => !served.has(reader));
}
