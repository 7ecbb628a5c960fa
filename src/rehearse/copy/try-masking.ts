import type { Session } from '../../database/session';
import { isSwitchbackError, SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { quoteIdentifier } from '../../sql/identifier';
import { loadParser } from '../../sql/parser';
import { nameOf } from './column-name';
import type { CopyCheck, CopyTable } from './copy-facts';
import { selectedValue, type MaskedColumn, type MaskingPlan } from './masking-plan';
import { ruleWord } from './masking-rule';
import { maskedValue } from './masking-sql';

/**
 * Has the shadow database read every rule's SQL and try it on values of its own, before a row is read. Throws `invalid-input` for
 * one that it does not understand, whose values have another type, or break a CHECK of the column.
 */
export async function tryMasking(
  session: Session,
  tables: readonly CopyTable[],
  plan: MaskingPlan,
  signal: AbortSignal,
): Promise<void> {
  for (const table of tables)
    for (const column of table.columns) {
      const name = nameOf(table, column.name);
      const masked = plan.columns.get(name);
      if (!masked || masked.rule === 'keep' || table.isPartition) continue;
      await assertOneExpression(name, masked);
      const value = selectedValue(plan, table, column, `t.${quoteIdentifier(column.name)}`);
      await session
        .script(
          `explain insert into ${table.relation} (${quoteIdentifier(column.name)}) overriding system value select ${value} from only ${table.relation} t`,
          { signal },
        )
        .catch((error: unknown) => {
          throw isSwitchbackError(error) &&
            typeof error.details.sqlstate === 'string' &&
            error.code !== 'cancelled'
            ? misfit(name, masked, String(error.details.message))
            : error;
        });
      for (const check of table.checks) {
        if (check.columns.length !== 1 || check.columns[0] !== column.name || !check.isValidated) continue;
        if (await breaks(session, { ...masked, table, column }, check, signal))
          throw misfit(name, masked, t('its values do not satisfy the constraint {0}', check.name));
      }
    }
}

/** Two statements in the place of one expression would be run where the rows are. */
async function assertOneExpression(name: string, masked: MaskedColumn): Promise<void> {
  if (typeof masked.rule !== 'object' || !('expression' in masked.rule)) return;
  const { statements, problems } = (await loadParser()).parse(`select (${masked.rule.expression}\n)`);
  if (problems.length > 0 || statements.length !== 1 || statements[0]!.kind !== 'SelectStmt')
    throw misfit(name, masked, t('it is no single SQL expression'));
}

function misfit(name: string, { rule }: MaskedColumn, why: string): SwitchbackError {
  return new SwitchbackError(
    'invalid-input',
    t('The masking rule "{0}" does not fit {1}: {2}. Choose another rule for it.', ruleWord(rule), name, why),
  );
}

const tried: Record<string, readonly string[]> = {
  text: [
    '',
    'a',
    'Abc',
    'some longer words of text',
    'someone@example.com',
    '+49 151 2345678',
    '02139',
    'https://example.com/a',
    'DE89370400440532013000',
  ],
  int: ['1', '2', '17', '100', '12345', '-5'],
  uuid: ['6b0b7d2e-3c53-4f5e-9a7c-0c1e3b8f2a11'],
  date: ['1980-05-17', '2020-02-29', '2024-06-30 12:00:00'],
  bytea: ['\\x00', '\\x0102030405'],
};

/** Whether a value that satisfies the constraint becomes one that does not; where none of those tried satisfies it, whether all do not. */
async function breaks(
  session: Session,
  { column, rule, length }: MaskedColumn,
  check: CopyCheck,
  signal: AbortSignal,
): Promise<boolean> {
  if (column.isDomain || (typeof rule === 'object' && 'expression' in rule)) return false;
  const kind = /^int[248]$/.test(column.base)
    ? 'int'
    : /^(?:date|timestamp)/.test(column.base)
      ? 'date'
      : column.base;
  const values = tried[kind] ?? (/^(?:text|varchar|bpchar|citext)$/.test(column.base) ? tried.text! : []);
  // A constant is the same whatever the value was.
  const fitting =
    typeof rule === 'object' ? [null] : values.filter((value) => length === null || value.length <= length);
  if (fitting.length === 0) return false;
  const name = quoteIdentifier(column.name);
  const holds = (value: string): string =>
    `(select (${check.expression}) from (select ${value} as ${name}) as t) is not false`;
  const { rows } = await session.query<{ fit: number; broken: number; satisfying: number }>(
    `select count(*) filter (where fit)::int as fit, count(*) filter (where fit and not still)::int as broken,
            count(*) filter (where still)::int as satisfying
       from (select ${holds(`o.was`)} as fit, ${holds('o.becomes')} as still
               from (select t.${name} as was, (${maskedValue(rule, column, `t.${name}`, length)})::text::${column.type} as becomes
                       from (select v::${column.type} as ${name} from unnest($1::text[]) v) as t) as o) as tried`,
    [fitting],
    { signal },
  );
  const { fit, broken, satisfying } = rows[0]!;
  return fit > 0 ? broken > 0 : satisfying === 0;
}
