import * as v from 'valibot';
import type { PolicyFacts, TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { parseExpression } from '../../sql/expression';
import { assertIdentifier, formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { isStatementFault, serverMessage } from '../read-only-query';
import type { Answers, ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const commands = ['all', 'select', 'insert', 'update', 'delete'] as const;

const stored = v.object({
  kind: v.literal('set-row-security'),
  table: storedName,
  policy: v.string(),
  command: v.picklist(commands),
  /** null: everybody. */
  role: v.nullable(v.string()),
  /** Which rows may be seen, and written as they are; null for INSERT, which has none. */
  using: v.nullable(v.string()),
  /** Which rows may be written as they will be; null: as `using` says. */
  check: v.nullable(v.string()),
});

/** A table whose rows are seen and written only as a policy allows. */
export type SetRowSecurity = v.InferOutput<typeof stored>;

export const setRowSecurity = {
  kind: 'set-row-security',
  group: 'tables',
  title: () => t('Set row security'),
  description: () => t('A policy says which rows a role sees and writes; it is there before it counts.'),
  stored,
  fields: () => [
    { id: 'policy', asks: 'name', label: t('Policy'), question: () => t('Name of the new policy') },
    {
      id: 'command',
      asks: 'text',
      label: t('Command'),
      question: () => t('For which command: all, select, insert, update or delete?'),
      placeholder: 'all',
      optional: true,
    },
    {
      id: 'role',
      asks: 'name',
      label: t('Role'),
      question: () => t('For which role?'),
      hint: t('Leave it empty for everybody.'),
      optional: true,
    },
    {
      id: 'using',
      asks: 'text',
      label: t('Rows that are seen'),
      question: ({ policy }) => t('Which rows does {0} show, as SQL?', policy ?? ''),
      placeholder: "tenant = current_setting('app.tenant')",
      hint: t('SQL, without a semicolon.'),
      optional: true,
      when: ({ command }) => command !== 'insert',
    },
    {
      id: 'check',
      asks: 'text',
      label: t('Rows that may be written'),
      question: () => t('Which rows may be written, as SQL?'),
      hint: t('Leave it empty where it is the rows that are seen.'),
      optional: true,
      when: ({ command }) => command !== 'select' && command !== 'delete',
    },
  ],
  usage:
    '--policy NAME --using EXPR [--check EXPR] [--command all|select|insert|update|delete] [--role ROLE]',
  read,
  answers: ({ policy, command, role, using, check }): Record<string, string> => ({
    policy,
    command,
    ...(role === null ? {} : { role }),
    ...(using === null ? {} : { using }),
    ...(check === null ? {} : { check }),
  }),
  planChoices: [],
  describe: ({ table, policy }) =>
    t('Set row security of {0} by the policy {1}', formatQualifiedName(table), formatIdentifier(policy)),
  words: ({ table, policy }) => `row security of ${table.name} ${policy}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-destructive',
    why: t('Rows that roles see now are hidden from them afterwards; the rows themselves stay as they are.'),
  }),
  rewritesRows: () => false,
  states,
} satisfies ChangeType<SetRowSecurity>;

function read(answers: Answers): SetRowSecurity {
  const said = answers.optionalText('command')?.trim().toLowerCase() ?? 'all';
  const command = commands.find((each) => each === said);
  if (command === undefined)
    throw new SwitchbackError(
      'usage',
      t('"{0}" is no command of a policy. Write one of {1}.', said, commands.join(', ')),
    );
  return {
    kind: 'set-row-security',
    table: answers.table(),
    policy: answers.name('policy'),
    command,
    role: answers.optionalName('role'),
    using: command === 'insert' ? answers.optionalText('using') : answers.text('using'),
    check: answers.optionalText('check'),
  };
}

/** https://www.postgresql.org/docs/current/sql-createpolicy.html */
function check(change: SetRowSecurity, table: TableFacts): void {
  assertIdentifier(change.policy);
  const refuse = (sentence: string): never => {
    throw new SwitchbackError('invalid-input', sentence);
  };
  if (change.command === 'insert' && (change.using !== null || change.check === null))
    refuse(
      t('A policy for INSERT has no rows to see. Leave --using out and say by --check what may be written.'),
    );
  if ((change.command === 'select' || change.command === 'delete') && change.check !== null)
    refuse(t('A policy for SELECT or DELETE writes no new row. Leave --check out.'));
  const existing = table.rowSecurity.policies.find(({ name }) => name === change.policy);
  if (!existing) return;
  const relation = formatQualifiedName(table.name);
  const name = formatIdentifier(change.policy);
  if (table.rowSecurity.enabled && isMeant(existing, change))
    throw new SwitchbackError(
      'already-done',
      t('{0} has this policy already, and row security is on. There is nothing to do.', relation),
    );
  refuse(t('{0} has a policy {1} already. Choose another name, or drop that one first.', relation, name));
}

function isMeant(policy: PolicyFacts, { command, role, using, check: written }: SetRowSecurity): boolean {
  const bare = (text: string | null): string | null => text?.replace(/[()\s]/g, '') ?? null;
  return (
    policy.command === command &&
    policy.roles.join() === (role ?? 'public') &&
    bare(policy.using) === bare(using) &&
    bare(policy.withCheck) === bare(written)
  );
}

async function look(change: SetRowSecurity, at: Look): Promise<ChangeFindings> {
  for (const expression of [change.using, change.check])
    if (expression !== null) await checkCondition(expression, at);
  if (change.role === null) return { blockers: [] };
  const { rows } = await at.session.query(
    'select from pg_catalog.pg_roles where rolname = $1',
    [change.role],
    {
      signal: at.signal,
    },
  );
  if (rows.length > 0) return { blockers: [] };
  throw new SwitchbackError(
    'not-found',
    t('There is no role {0}. Create it first, or leave it out for everybody.', formatIdentifier(change.role)),
  );
}

/** Lets the server check names and type of a condition without computing or planning it: a setting may be missing here. */
async function checkCondition(expression: string, { session, parser, table, signal }: Look): Promise<void> {
  const problem = parseExpression(parser, expression).problems[0];
  if (problem) throw wrongCondition(expression, problem.message, undefined);
  try {
    await session.transaction(
      async () => {
        const query = `SELECT FROM ${formatQualifiedName(table.name)} WHERE (${expression}\n)`;
        await session.query(`PREPARE switchback_condition AS ${query}`, [], { signal });
        // No end of a transaction takes it away.
        await session.query('DEALLOCATE switchback_condition', [], { signal });
      },
      {
        readOnly: true,
        rollback: true,
        statementTimeoutMilliseconds: 3000,
        lockTimeoutMilliseconds: 500,
        signal,
      },
    );
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    throw wrongCondition(expression, serverMessage(error), error);
  }
}

function wrongCondition(expression: string, message: string, cause: unknown): SwitchbackError {
  return new SwitchbackError(
    'invalid-input',
    t('{0} is no condition over the rows of the table: {1}. Correct it.', expression, message),
    { cause },
  );
}

function states(change: SetRowSecurity, table: TableFacts): { before: string[]; after: string[] } {
  const role = change.role === null ? t('Everybody') : formatIdentifier(change.role);
  const relation = formatQualifiedName(table.name);
  return {
    before: [
      table.rowSecurity.enabled
        ? t('{0} shows rows by these policies: {1}.', relation, policyNames(table))
        : t('Every role with the privilege sees and writes every row of {0}.', relation),
    ],
    after: [
      ...(change.using === null
        ? []
        : [t('{0} sees the rows of {1} where {2}.', role, relation, change.using)]),
      ...(change.command === 'select' || change.command === 'delete'
        ? []
        : [t('{0} writes rows only where {1}.', role, change.check ?? change.using ?? '')]),
      table.rowSecurity.forced
        ? t('The owner is bound by it too (FORCE); superusers and roles with BYPASSRLS see everything.')
        : t('The owner, superusers and roles with BYPASSRLS see everything.'),
    ],
  };
}

function policyNames({ rowSecurity }: TableFacts): string {
  return rowSecurity.policies.map(({ name }) => formatIdentifier(name)).join(', ') || t('none, so no rows');
}
