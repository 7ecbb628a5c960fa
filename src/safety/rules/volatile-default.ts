import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import type { FixProposal, ScriptEdit } from '../fix-proposal';
import { addedColumns, type AddedColumn } from '../reading/added-columns';
import {
  inlineConstraint,
  inlineConstraintPlace,
  inlineConstraints,
  removal,
} from '../reading/column-definition';
import { commandForecast } from '../reading/command-forecast';
import { commandPlaces } from '../reading/command-places';
import { wordPlace } from '../reading/statement-text';
import type { Rule, RuleContext } from '../rule';
import { expressionVolatility } from '../volatility';

export const volatileDefault: Rule = {
  id: 'volatile-default',
  title: 'A new column with a default that is computed for every row',
  severity: 'error',
  on: ['AT_AddColumn'],
  since: null,
  until: null,
  why: 'A volatile default is computed for every row that is there, so PostgreSQL writes the table and its indexes anew. Nobody can read or write the table until that is done.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column seen timestamptz default clock_timestamp();',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column seen timestamptz default now();',
  },
  check(context) {
    return addedColumns(context).flatMap((added) => {
      const expression = inlineConstraint(added.definition, 'CONSTR_DEFAULT')?.raw_expr;
      if (expressionVolatility(context.schema, expression).volatility !== 'volatile') return [];
      if (commandForecast(context, added.command).work !== 'rewrite') return [];
      const message = t(
        'The default of {0} is computed for every row: adding it writes all of {1} anew while nobody can read or write it. Add the column without a default, set the default afterwards, and fill the rows in batches.',
        added.name,
        added.table,
      );
      return [{ message, fix: defaultAfterwards(context, added) }];
    });
  },
};

const movable: readonly unknown[] = ['CONSTR_DEFAULT', 'CONSTR_NOTNULL', 'CONSTR_NULL'];

/** The default for new rows only. NOT NULL goes too: the rows that are there have no value yet. */
function defaultAfterwards(
  context: RuleContext,
  { command, definition, name }: AddedColumn,
): FixProposal | null {
  const { sql } = context.script;
  const end = commandPlaces(context).get(command)?.end;
  const constraints = inlineConstraints(definition);
  if (end === undefined || constraints.some((each) => !movable.includes(each.contype))) return null;
  const edits: ScriptEdit[] = [];
  let expression = '';
  for (const constraint of constraints) {
    const place = inlineConstraintPlace(sql, definition, constraint, end);
    if (!place) return null;
    if (constraint.contype === 'CONSTR_NULL') continue;
    if (constraint.contype === 'CONSTR_DEFAULT')
      expression = behindWord(sql.slice(place.start, place.end), 'default');
    edits.push(removal(sql, place));
  }
  const column = formatIdentifier(name);
  edits.push({ start: end, end, newText: `, ALTER COLUMN ${column} SET DEFAULT ${expression}` });
  return {
    kind: 'edit',
    title: inlineConstraint(definition, 'CONSTR_NOTNULL')
      ? t(
          'Add {0} nullable and set its default for new rows only; the rows there are filled in batches',
          name,
        )
      : t('Set the default of {0} for new rows only; the rows there are filled in batches', name),
    edits,
    follows: [],
  };
}

function behindWord(text: string, word: string): string {
  return text.slice(wordPlace(text, word)?.end ?? 0).trim();
}
