import type { Constraint } from '@pgsql/types';
import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import { tokens } from '../../sql/tokens';
import { freeConstraintName } from '../default-name';
import type { EditProposal, FollowingMigration } from '../fix-proposal';
import { addedColumns, type AddedColumn } from '../reading/added-columns';
import { inlineConstraintPlace, inlineConstraints, removal } from '../reading/column-definition';
import { commandForecast } from '../reading/command-forecast';
import { commandPlaces } from '../reading/command-places';
import { constraintByIndex } from '../reading/constraint-by-index';
import { constraintKind } from '../reading/constraint-text';
import { insertAfter } from '../reading/script-edits';
import { tableText } from '../reading/table-text';
import { validateMigration } from '../reading/validate-migration';
import type { Rule, RuleContext } from '../rule';

export const inlineConstraintOnNewColumn: Rule = {
  id: 'inline-constraint-on-new-column',
  title: 'A constraint that comes with a new column',
  severity: 'error',
  on: ['AT_AddColumn'],
  since: null,
  until: null,
  why: 'A CHECK, REFERENCES, UNIQUE or PRIMARY KEY written behind a new column is checked, or its index built, in the same ALTER TABLE, under ACCESS EXCLUSIVE. Adding the column alone takes a moment, and the constraint can follow without stopping anybody.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column amount int default 1 constraint amount_positive check (amount > 0);',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'alter table orders add column amount int default 1; alter table orders add constraint amount_positive check (amount > 0) not valid;',
  },
  check(context) {
    return addedColumns(context).flatMap((added) => {
      const works = commandForecast(context, added.command).works.map((work) => work.kind);
      return inlineConstraints(added.definition)
        .filter((constraint) => takesLong(constraint, works))
        .map((constraint) => ({
          message: messageOf(constraint, added),
          fix: split(context, added, constraint),
        }));
    });
  },
};

/** A rewrite checks its rows on the way: the constraint adds nothing to it but an index. */
function takesLong(constraint: Constraint, works: readonly string[]): boolean {
  switch (constraintKind(constraint)) {
    case 'check':
    case 'foreign':
      return works.includes('scan') && !works.includes('rewrite');
    case 'unique':
    case 'primary':
      return works.includes('index-build');
    default:
      return false;
  }
}

function messageOf(constraint: Constraint, { name, table }: AddedColumn): string {
  switch (constraintKind(constraint)) {
    case 'check':
      return t(
        'The CHECK of the new column {0} reads all rows of {1} while nobody can use it. Add the column alone, then the CHECK with NOT VALID, and validate it in a later migration.',
        name,
        table,
      );
    case 'foreign':
      return t(
        'The foreign key of the new column {0} is checked for all rows of {1} while nobody can use it, because they get a default. Add the column alone, then the foreign key with NOT VALID, and validate it in a later migration.',
        name,
        table,
      );
    default:
      return t(
        'The new column {0} builds an index on {1} while nobody can use it. Add the column alone, build a unique index CONCURRENTLY, then add the constraint USING INDEX.',
        name,
        table,
      );
  }
}

function split(context: RuleContext, added: AddedColumn, constraint: Constraint): EditProposal | null {
  const { script, schema } = context;
  const { definition, command, key } = added;
  const kind = constraintKind(constraint);
  const all = inlineConstraints(definition);
  // DEFERRABLE and NOT ENFORCED stand behind the constraint they belong to, as parts of their own.
  if (command.missing_ok || all.some((each) => each.contype?.startsWith('CONSTR_ATTR'))) return null;
  const end = commandPlaces(context).get(command)?.end;
  const place = end === undefined ? null : inlineConstraintPlace(script.sql, definition, constraint, end);
  if (!place || !kind || kind === 'primary') return null;
  const partitioned = schema.relations.get(key)?.kind === 'partitioned';
  const name = constraint.conname ?? freeConstraintName(schema, key, kind, [added.name]);
  const cut = removal(script.sql, place);
  if (kind === 'unique') {
    const later = uniqueLater(context, added, name, constraint);
    return (
      later && {
        kind: 'edit',
        title: t('Add the column alone; build its unique index CONCURRENTLY in the next migration'),
        edits: [cut],
        follows: [later],
      }
    );
  }
  if (kind === 'foreign' && partitioned && script.serverMajor < 18) return null;
  const columns = kind === 'foreign' ? `FOREIGN KEY (${formatIdentifier(added.name)}) ` : '';
  const written = `${columns}${withoutName(script.sql.slice(place.start, place.end))}`;
  const text = `CONSTRAINT ${formatIdentifier(name)} ${written} NOT VALID`;
  const add = `ALTER TABLE ${tableText(script.sql, context.statement)} ADD ${text};`;
  return {
    kind: 'edit',
    title: t('Add the constraint by itself with NOT VALID, and validate it in the next migration'),
    edits: [cut, insertAfter(script, context.statement, [add])],
    follows: [validateMigration(key, name, text)],
  };
}

function uniqueLater(
  { schema }: RuleContext,
  added: AddedColumn,
  name: string,
  constraint: Constraint,
): FollowingMigration | null {
  const steps = constraintByIndex(schema, added.key, name, constraint, [added.name]);
  if (!steps) return null;
  return {
    name: `constraint ${name}`,
    up: `${steps.index};\n${steps.constraint};\n`,
    down: `${steps.inverse};\n`,
    transactional: false,
    apart: steps.apart,
  };
}

/** An inline constraint's text without CONSTRAINT and its name. */
function withoutName(text: string): string {
  const [first, , body] = tokens(text);
  return first?.kind === 'word' && /^constraint$/i.test(first.text) && body ? text.slice(body.start) : text;
}
