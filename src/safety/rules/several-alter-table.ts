import type { AlterTableCmd } from '@pgsql/types';
import { t } from '../../messages/translate';
import { dottedNameAt } from '../../sql/tokens';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { FixProposal } from '../fix-proposal';
import type { Forecast } from '../forecast';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { isUnseen } from '../reading/commands';
import type { Rule, RuleContext } from '../rule';

export const severalAlterTable: Rule = {
  id: 'several-alter-table',
  title: 'Going through the rows of one table again and again',
  severity: 'info',
  on: ['AlterTableStmt'],
  since: null,
  until: null,
  why: 'Each ALTER TABLE reads or rewrites all rows by itself, under its lock. The commands of one ALTER TABLE share a single pass over the table.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  bad: {
    before: 'create table orders (id int primary key, amount int, parts int);',
    sql: 'alter table orders alter column amount type bigint; alter table orders alter column parts type bigint;',
  },
  good: {
    before: 'create table orders (id int primary key, amount int, parts int);',
    sql: 'alter table orders alter column amount type bigint, alter column parts type bigint;',
  },
  check(context) {
    const { statement, forecast, schema, script } = context;
    const alter = asKind(statement.node, 'AlterTableStmt');
    const previous = script.statements[statement.index - 1];
    const before = script.earlier[statement.index - 1];
    const other = asKind(previous?.node, 'AlterTableStmt');
    if (!alter || !other || !before || !previous) return [];
    const table = relationKey(schema, alter.relation);
    if (isUnseen(context, table) || relationKey(schema, other.relation) !== table) return [];
    const passes = [before, forecast].every((each) => goesThrough(each, table));
    if (!passes || !sharesPass(before) || !sharesPass(forecast)) return [];
    const message = t(
      'This goes through all rows of {0}, as the ALTER TABLE before it has just done. Write both as one ALTER TABLE.',
      relationLabel(table),
    );
    return [{ message, fix: combined(context, previous) }];
  },
};

function goesThrough({ works }: Forecast, table: string): boolean {
  return works.some((each) => each.relation === table && (each.kind === 'scan' || each.kind === 'rewrite'));
}

/** A foreign key is checked by a query of its own, and weaker locks are better off alone. */
function sharesPass({ locks }: Forecast): boolean {
  return locks.every((lock) => lock.mode === 'AccessExclusiveLock');
}

/** Commands whose meaning does not change when they stand together with others. */
const combinable: ReadonlySet<string> = new Set([
  'AT_AddColumn',
  'AT_SetNotNull',
  'AT_AddConstraint',
  'AT_AlterColumnType',
]);

function combined({ statement, script }: RuleContext, previous: Statement): FixProposal | null {
  const [first, second] = [commandsOf(previous), commandsOf(statement)];
  const columns = first.map((command) => command.name).filter((name) => name !== undefined);
  const again = second.some((command) => command.name !== undefined && columns.includes(command.name));
  if (![...first, ...second].every(isCombinable) || again) return null;
  const alter = asKind(statement.node, 'AlterTableStmt');
  const earlier = asKind(previous.node, 'AlterTableStmt');
  const samePart =
    alter?.relation?.inh === earlier?.relation?.inh && alter?.missing_ok === earlier?.missing_ok;
  if (!samePart || script.blocks[statement.index] !== script.blocks[previous.index]) return null;
  const between = script.sql.slice(previous.end.offset, statement.start.offset).replace(/^\s*;/, '');
  if (/switchback:/.test(between)) return null;
  const start = alter?.relation?.location;
  const name = start === undefined ? undefined : dottedNameAt(script.sql, start).at(-1);
  if (!name) return null;
  const star = /^\s*\*/.exec(script.sql.slice(name.end))?.[0].length ?? 0;
  return {
    kind: 'edit',
    title: t('Combine both ALTER TABLEs'),
    edits: [
      {
        start: previous.end.offset,
        end: name.end + star,
        newText: `,${between.trim() === '' ? between.replace(/\s+$/, (blank) => blank.replace(/[ \t]+$/, '')) : between}`,
      },
    ],
    follows: [],
  };
}

function isCombinable(command: AlterTableCmd): boolean {
  // USING would see the values from before the other commands.
  const usesOld = command.subtype === 'AT_AlterColumnType' && asKind(command.def, 'ColumnDef')?.raw_default;
  return combinable.has(command.subtype ?? '') && !usesOld;
}

function commandsOf(statement: Statement): AlterTableCmd[] {
  return (asKind(statement.node, 'AlterTableStmt')?.cmds ?? [])
    .map((node) => asKind(node, 'AlterTableCmd'))
    .filter((command) => command !== null);
}
