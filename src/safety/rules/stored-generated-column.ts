import type { Constraint, Node, TypeName } from '@pgsql/types';
import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import { tokens } from '../../sql/tokens';
import { asKind, strings, walkTree } from '../../sql/tree';
import { columnType } from '../column-type';
import type { FixProposal } from '../fix-proposal';
import { dottedKey } from '../known-schema';
import { addedColumns, type AddedColumn } from '../reading/added-columns';
import { inlineConstraint, inlineConstraintPlace, inlineConstraints } from '../reading/column-definition';
import { commandForecast } from '../reading/command-forecast';
import { commandPlaces } from '../reading/command-places';
import { alteredTable, commandsOf } from '../reading/commands';
import type { Rule, RuleContext, RuleFinding } from '../rule';
import { expressionVolatility } from '../volatility';

export const storedGeneratedColumn: Rule = {
  id: 'stored-generated-column',
  title: 'A new stored generated column, or another expression of one',
  severity: 'error',
  on: ['AT_AddColumn', 'AT_SetExpression'],
  since: null,
  until: null,
  why: 'The value of a stored generated column is computed for every row that is there, so PostgreSQL writes the table and its indexes anew under ACCESS EXCLUSIVE. A plain column that a trigger fills, and from 18 a VIRTUAL one, is added in a moment.',
  url: 'https://www.postgresql.org/docs/current/ddl-generated-columns.html',
  bad: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders add column doubled int generated always as (amount * 2) stored;',
  },
  good: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders add column doubled int generated always as (amount * 2) virtual;',
    since: 18,
  },
  check(context) {
    const added = addedColumns(context).flatMap((added) => {
      const { command, definition, name, table } = added;
      const generated = inlineConstraint(definition, 'CONSTR_GENERATED');
      if (!generated || commandForecast(context, command).work !== 'rewrite') return [];
      const message =
        context.script.serverMajor >= 18
          ? t(
              'Computing {0} writes all of {1} anew while nobody can read or write it. Make it VIRTUAL, or add a plain column, fill it by a trigger for new rows and in batches for the others.',
              name,
              table,
            )
          : t(
              'Computing {0} writes all of {1} anew while nobody can read or write it. Add a plain column, fill it by a trigger for new rows and in batches for the others.',
              name,
              table,
            );
      return [{ message, fix: computedWhenRead(context, added, generated) }];
    });
    return [...added, ...otherExpressions(context)];
  },
};

/** SET EXPRESSION of a stored column, which writes the table anew as well. */
function otherExpressions(context: RuleContext): RuleFinding[] {
  const table = alteredTable(context);
  if (!table) return [];
  return commandsOf(context, 'AT_SetExpression')
    .filter((command) => commandForecast(context, command).work === 'rewrite')
    .map((command) => ({
      message: t(
        'Another expression of {0} writes all of {1} anew while nobody can read or write it. Add a column of another name, fill it by a trigger for new rows and in batches for the others, and exchange them.',
        command.name ?? '',
        table,
      ),
      fix: null,
    }));
}

/** Types that are PostgreSQL's own, and so are their operators and casts. */
const builtIn =
  /^(?:bool|int[248]|float[48]|numeric|text|varchar|bpchar|bytea|date|time|timetz|timestamp|timestamptz|interval|uuid|jsonb?)$/;

/**
 * VIRTUAL in the place of STORED. PostgreSQL takes it with built-in types and functions only, and no index or key of
 * it: https://www.postgresql.org/docs/current/ddl-generated-columns.html
 */
function computedWhenRead(
  context: RuleContext,
  added: AddedColumn,
  generated: Constraint,
): FixProposal | null {
  const { script, statement } = context;
  const { command, definition, name } = added;
  const alone = inlineConstraints(definition).length === 1;
  if (script.serverMajor < 18 || !alone || !isBuiltIn(context, added, generated.raw_expr)) return null;
  // What names the column elsewhere may be an index or a constraint of it.
  const mention = new RegExp(`\\b${name.replace(/\W/g, '.')}\\b`, 'i');
  const others = script.statements.filter((each) => each !== statement);
  if (commandsCount(statement) !== 1 || others.some((each) => mention.test(each.text))) return null;
  const end = commandPlaces(context).get(command)?.end;
  const place = end === undefined ? null : inlineConstraintPlace(script.sql, definition, generated, end);
  const word = place && [...tokens(script.sql.slice(place.start, place.end))].at(-1);
  if (!place || !word || !/^stored$/i.test(word.text)) return null;
  return {
    kind: 'edit',
    title: t('Compute {0} whenever it is read', name),
    edits: [{ start: place.start + word.start, end: place.start + word.end, newText: 'VIRTUAL' }],
    follows: [],
  };
}

function commandsCount(statement: Statement): number {
  return asKind(statement.node, 'AlterTableStmt')?.cmds?.length ?? 0;
}

/** Whether all that the expression is made of, and its own type, is PostgreSQL's own. */
function isBuiltIn(
  { schema }: RuleContext,
  { definition, key }: AddedColumn,
  expression: Node | undefined,
): boolean {
  const columns = schema.relations.get(key)?.columns ?? [];
  const types = [columnType(schema, definition.typeName).name];
  let known = expressionVolatility(schema, expression).unknown.length === 0;
  walkTree(expression, (kind, fields) => {
    if (kind === 'ColumnRef')
      types.push(
        columns.find((each) => each.name === strings(fields['fields'] as Node[]).at(-1))?.type.name ?? '',
      );
    if (kind === 'TypeCast') types.push(columnType(schema, fields['typeName'] as TypeName | undefined).name);
    const parts = kind === 'FuncCall' ? strings(fields['funcname'] as Node[]) : [];
    if (parts.length > 0 && schema.functions.has(dottedKey(schema, parts, schema.functions))) known = false;
  });
  return known && types.every((type) => builtIn.test(type));
}
