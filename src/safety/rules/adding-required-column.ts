import { t } from '../../messages/translate';
import type { AddedColumn } from '../reading/added-columns';
import { isSerial } from '../column-type';
import type { FixProposal } from '../fix-proposal';
import type { Rule, RuleContext } from '../rule';
import {
  inlineConstraint,
  inlineConstraintPlace,
  inlineConstraints,
  removal,
} from '../reading/column-definition';
import { commandPlaces } from '../reading/command-places';
import { addedColumns } from '../reading/added-columns';

export const addingRequiredColumn: Rule = {
  id: 'adding-required-column',
  title: 'Adding a required column without a default',
  severity: 'error',
  on: ['AT_AddColumn'],
  since: null,
  until: null,
  why: 'Rows that exist have no value for the new column, so the statement fails on any table that is not empty. Where it succeeds, application code that does not know the column can no longer insert.',
  url: 'https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column note text not null;',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: "alter table orders add column note text not null default '';",
  },
  check(context) {
    return addedColumns(context).flatMap((added) => {
      const { definition, table, name } = added;
      const kinds = inlineConstraints(definition).map((constraint) => constraint.contype);
      const required = kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_PRIMARY');
      const filled = kinds.some(
        (kind) => kind === 'CONSTR_DEFAULT' || kind === 'CONSTR_IDENTITY' || kind === 'CONSTR_GENERATED',
      );
      if (!required || filled || isSerial(definition.typeName)) return [];
      const message = t(
        'The required column {0} has no value for the rows {1} already has, and old code cannot insert any more. Add it nullable, fill it in batches, then prove NOT NULL.',
        name,
        table,
      );
      return [{ message, fix: withoutNotNull(context, added) }];
    });
  },
};

/** A primary key needs its values at once: there is no such fix for it. */
function withoutNotNull(
  context: RuleContext,
  { command, definition, name }: AddedColumn,
): FixProposal | null {
  const { sql } = context.script;
  const end = commandPlaces(context).get(command)?.end;
  const notNull = inlineConstraint(definition, 'CONSTR_NOTNULL');
  if (end === undefined || !notNull || inlineConstraint(definition, 'CONSTR_PRIMARY')) return null;
  const place = inlineConstraintPlace(sql, definition, notNull, end);
  if (!place) return null;
  return {
    kind: 'edit',
    title: t('Add {0} nullable, to be filled in batches and required later', name),
    edits: [removal(sql, place)],
    follows: [],
  };
}
