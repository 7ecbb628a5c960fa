import type { AlterTableCmd, Constraint } from '@pgsql/types';
import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import { asKind, strings } from '../../sql/tree';
import { freeConstraintName } from '../default-name';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { columnsOf } from '../known-constraint';
import { relationKey, type KnownSchema } from '../known-schema';
import { commandForecast } from '../reading/command-forecast';
import { alteredTable, commandsOf } from '../reading/commands';
import { constraintPlace } from '../reading/constraint-text';
import { validateMigration } from '../reading/validate-migration';
import type { Rule, RuleContext } from '../rule';

export const constraintNotValid: Rule = {
  id: 'constraint-not-valid',
  title: 'Adding a CHECK or foreign key that is checked at once',
  severity: 'error',
  on: ['AT_AddConstraint'],
  since: null,
  until: null,
  why: 'Adding the constraint reads every row while nobody can use the table, or, for a foreign key, while nobody can write to either table. NOT VALID adds it in a moment, and VALIDATE CONSTRAINT in a later transaction reads the rows while writes go on.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT',
  bad: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders add constraint amount_positive check (amount > 0);',
  },
  good: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders add constraint amount_positive check (amount > 0) not valid;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    return commandsOf(context, 'AT_AddConstraint').flatMap((command) => {
      const constraint = asKind(command.def, 'Constraint');
      if (!constraint || !isCheckedAtOnce(context, command, constraint)) return [];
      const late = canBeNotValid(context, constraint);
      const message = messageOf(context, constraint, table, late);
      return [{ message, fix: late ? notValid(context, constraint) : null }];
    });
  },
};

function messageOf(context: RuleContext, constraint: Constraint, table: string, late: boolean): string {
  if (constraint.contype === 'CONSTR_CHECK') {
    return t(
      'Adding the CHECK reads all rows of {0} while nobody can read or write it. Add it with NOT VALID, and validate it in a later migration.',
      table,
    );
  }
  const other = relationLabel(relationKey(context.schema, constraint.pktable));
  return late
    ? t(
        'Adding the foreign key reads all rows of {0} while writes to {0} and {1} wait. Add it with NOT VALID, and validate it in a later migration.',
        table,
        other,
      )
    : t(
        'Adding the foreign key reads all rows of {0} while writes to {0} and {1} wait, and a partitioned table takes no foreign key with NOT VALID before PostgreSQL 18. Add it to each partition with NOT VALID, validate it there, then add it to {0}.',
        table,
        other,
      );
}

function isCheckedAtOnce(context: RuleContext, command: AlterTableCmd, constraint: Constraint): boolean {
  if (constraint.contype !== 'CONSTR_CHECK' && constraint.contype !== 'CONSTR_FOREIGN') return false;
  if (constraint.skip_validation || constraint.is_enforced === false) return false;
  return commandForecast(context, command).works.some((work) => work.kind === 'scan');
}

/** A partitioned table's own foreign key can be NOT VALID from 18 on (ATAddForeignKeyConstraint). */
function canBeNotValid({ statement, schema, script }: RuleContext, constraint: Constraint): boolean {
  if (constraint.contype !== 'CONSTR_FOREIGN' || script.serverMajor >= 18) return true;
  const key = relationKey(schema, asKind(statement.node, 'AlterTableStmt')?.relation);
  return schema.relations.get(key)?.kind !== 'partitioned';
}

/** NOT VALID behind the author's own text, with a name where it has none: VALIDATE needs one. */
function notValid({ statement, schema, script }: RuleContext, constraint: Constraint): FixProposal {
  const key = relationKey(schema, asKind(statement.node, 'AlterTableStmt')?.relation);
  const place = constraintPlace(script.sql, statement, constraint);
  const name = constraint.conname ?? freeName(schema, key, constraint);
  const naming = constraint.conname ? '' : `CONSTRAINT ${formatIdentifier(name)} `;
  const definition = `${naming}${script.sql.slice(place.start, place.end)} NOT VALID`;
  return {
    kind: 'edit',
    title: t('Add it with NOT VALID, and validate it in the next migration'),
    edits: [
      ...(naming ? [{ start: place.start, end: place.start, newText: naming }] : []),
      { start: place.end, end: place.end, newText: ' NOT VALID' },
    ],
    follows: [validateMigration(key, name, definition)],
  };
}

function freeName(schema: KnownSchema, key: string, constraint: Constraint): string {
  return constraint.contype === 'CONSTR_CHECK'
    ? freeConstraintName(schema, key, 'check', constraint.raw_expr ? columnsOf(constraint.raw_expr) : [])
    : freeConstraintName(schema, key, 'foreign', strings(constraint.fk_attrs));
}
