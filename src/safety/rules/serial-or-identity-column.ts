import type { Constraint } from '@pgsql/types';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { isSerial } from '../column-type';
import { objectName } from '../default-name';
import type { FixProposal, ScriptEdit } from '../fix-proposal';
import { addedColumns, type AddedColumn } from '../reading/added-columns';
import {
  inlineConstraint,
  inlineConstraintPlace,
  inlineConstraints,
  removal,
  typePlace,
} from '../reading/column-definition';
import { commandForecast } from '../reading/command-forecast';
import { commandPlaces } from '../reading/command-places';
import { typeName } from '../reading/new-columns';
import { insertAfter } from '../reading/script-edits';
import { tableText } from '../reading/table-text';
import type { Rule, RuleContext } from '../rule';

export const serialOrIdentityColumn: Rule = {
  id: 'serial-or-identity-column',
  title: 'A new column that numbers the rows that are there',
  severity: 'error',
  on: ['AT_AddColumn'],
  since: null,
  until: null,
  why: 'Adding a serial or identity column gives every row that is there a number, so PostgreSQL writes the table and its indexes anew under ACCESS EXCLUSIVE. Identity instead of serial changes nothing about that.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  bad: {
    before: 'create table orders (id int primary key, note text);',
    sql: 'alter table orders add column number bigint generated always as identity;',
  },
  good: {
    before: 'create table orders (id int primary key, note text);',
    sql: `alter table orders add column number bigint;
      create sequence orders_number_seq owned by orders.number;
      alter table orders alter column number set default nextval('orders_number_seq');`,
  },
  check(context) {
    return addedColumns(context).flatMap((added) => {
      const { command, definition, name, table } = added;
      const numbers =
        isSerial(definition.typeName) || inlineConstraint(definition, 'CONSTR_IDENTITY') !== null;
      if (!numbers || commandForecast(context, command).work !== 'rewrite') return [];
      const message = t(
        'Numbering the rows of {1} for {0} writes all of them anew while nobody can read or write the table. Add a plain column, give it a sequence as its default, number the rows in batches, and make it an identity at the end.',
        name,
        table,
      );
      return [{ message, fix: sequenceForNewRows(context, added) }];
    });
  },
};

const movable: readonly unknown[] = ['CONSTR_IDENTITY', 'CONSTR_NOTNULL', 'CONSTR_NULL'];

/** A plain column whose default is a sequence of its own. NOT NULL goes: the rows that are there have no number yet. */
function sequenceForNewRows(context: RuleContext, added: AddedColumn): FixProposal | null {
  const { script, statement, schema } = context;
  const { command, definition, name, key } = added;
  const end = commandPlaces(context).get(command)?.end;
  const relation = schema.relations.get(key);
  const constraints = inlineConstraints(definition);
  if (end === undefined || !relation || constraints.some((each) => !isMovable(each))) return null;
  const sequence = { schema: relation.schema, name: objectName(relation.name, name, 'seq') };
  if (schema.relations.has(formatQualifiedName(sequence))) return null;
  const edits: ScriptEdit[] = [];
  const type = typePlace(script.sql, definition, end);
  const integer = integers[typeName(definition)];
  if (!type) return null;
  if (integer) edits.push({ ...type, newText: integer });
  for (const constraint of constraints) {
    const place = inlineConstraintPlace(script.sql, definition, constraint, end);
    if (!place) return null;
    if (constraint.contype !== 'CONSTR_NULL') edits.push(removal(script.sql, place));
  }
  const owner = tableText(script.sql, statement);
  const column = formatIdentifier(name);
  const [made, from] = [formatQualifiedName(sequence), quoteLiteral(formatQualifiedName(sequence))];
  const lines = [
    `CREATE SEQUENCE ${made} OWNED BY ${owner}.${column};`,
    `ALTER TABLE ${owner} ALTER COLUMN ${column} SET DEFAULT nextval(${from});`,
  ];
  return {
    kind: 'edit',
    title: t('Number new rows of {0} by a sequence; the rows there are numbered in batches', added.table),
    edits: [...edits, insertAfter(script, statement, lines)],
    follows: [],
  };
}

/** Options of an identity's sequence would be lost. */
function isMovable(constraint: Constraint): boolean {
  return movable.includes(constraint.contype) && (constraint.options?.length ?? 0) === 0;
}

const integers: Record<string, string | undefined> = {
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
  smallserial: 'smallint',
  serial2: 'smallint',
};
