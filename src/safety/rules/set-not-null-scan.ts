import type { AlterTableCmd } from '@pgsql/types';
import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import { asKind } from '../../sql/tree';
import { freeConstraintName } from '../default-name';
import type { EditProposal, FixProposal } from '../fix-proposal';
import { relationKey } from '../known-schema';
import type { Rule, RuleContext } from '../rule';
import { commandForecast } from '../reading/command-forecast';
import { commandPlaces, type Place } from '../reading/command-places';
import { alteredTable, commandsOf } from '../reading/commands';
import { tableText } from '../reading/table-text';

export const setNotNullScan: Rule = {
  id: 'set-not-null-scan',
  title: 'SET NOT NULL without a proof',
  severity: 'error',
  on: ['AT_SetNotNull'],
  since: null,
  until: null,
  why: 'SET NOT NULL reads every row under ACCESS EXCLUSIVE to see that none is NULL. A proof that is added NOT VALID and validated later is checked while writes go on.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL',
  bad: {
    before: 'create table orders (id int primary key, note text);',
    sql: 'alter table orders alter column note set not null;',
  },
  good: {
    before:
      'create table orders (id int primary key, note text); alter table orders add constraint note_set check (note is not null) not valid; alter table orders validate constraint note_set;',
    sql: 'alter table orders alter column note set not null;',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    return commandsOf(context, 'AT_SetNotNull').flatMap((command) => {
      if (!commandForecast(context, command).works.some((work) => work.kind === 'scan')) return [];
      const column = command.name ?? '';
      const message =
        context.script.serverMajor >= 18
          ? t(
              'SET NOT NULL reads all rows of {0} while nobody can read or write it. First add the constraint NOT NULL {1} NOT VALID and validate it in a later migration.',
              table,
              column,
            )
          : t(
              'SET NOT NULL reads all rows of {0} while nobody can read or write it. First add CHECK ({1} IS NOT NULL) NOT VALID and validate it in a later migration.',
              table,
              column,
            );
      return [{ message, fix: inSteps(context, command) }];
    });
  },
};

function inSteps(context: RuleContext, command: AlterTableCmd): FixProposal | null {
  const { statement, schema, script } = context;
  const place = commandPlaces(context).get(command);
  const alter = asKind(statement.node, 'AlterTableStmt');
  if (!place || !alter?.relation?.inh || script.direction === 'down') return null;
  const key = relationKey(schema, alter.relation);
  const column = command.name ?? '';
  const there = schema.relations
    .get(key)
    ?.constraints.find((each) => each.kind === 'not-null' && each.columns.includes(column));
  if (there) return validateInstead(there.name, place, alter.cmds?.length ?? 0);
  const steps = script.serverMajor >= 18 ? byNotNull : byCheck;
  const { here, ...rest } = steps({
    table: tableText(script.sql, statement),
    column: formatIdentifier(column),
    constraint: formatIdentifier(freeConstraintName(schema, key, 'not-null', [column])),
    words: `require ${alter.relation.relname ?? ''} ${column}`,
  });
  return { kind: 'edit', ...rest, edits: [{ ...place, newText: here }] };
}

/** The constraint is there and only not proved yet. With other commands their lock would be held meanwhile. */
function validateInstead(name: string, place: Place, commands: number): FixProposal | null {
  if (commands !== 1) return null;
  return {
    kind: 'edit',
    title: t('Validate the NOT NULL constraint {0} instead', name),
    edits: [{ ...place, newText: `VALIDATE CONSTRAINT ${formatIdentifier(name)}` }],
    follows: [],
  };
}

interface NotNullNames {
  /** As SQL. */
  table: string;
  column: string;
  constraint: string;
  /** For the following migration's file. */
  words: string;
}

type NotNullSteps = Pick<EditProposal, 'title' | 'follows' | 'undo'> & { here: string };

/** From 18 the constraint itself can be NOT VALID. */
function byNotNull({ table, column, constraint, words }: NotNullNames): NotNullSteps {
  const here = `ADD CONSTRAINT ${constraint} NOT NULL ${column} NOT VALID`;
  const drop = `ALTER TABLE ${table} DROP CONSTRAINT ${constraint};\n`;
  return {
    title: t('Add NOT NULL NOT VALID here and validate it in a later migration'),
    here,
    undo: drop,
    follows: [
      {
        name: words,
        up: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint};\n`,
        down: `${drop}ALTER TABLE ${table} ${here};\n`,
        transactional: true,
      },
    ],
  };
}

/**
 * Up to 17 a validated CHECK proves NOT NULL and is not needed afterwards. It is validated where it is used up, so
 * that the way back, a CHECK that is NOT VALID as before, has no row to read.
 */
function byCheck({ table, column, constraint, words }: NotNullNames): NotNullSteps {
  const here = `ADD CONSTRAINT ${constraint} CHECK (${column} IS NOT NULL) NOT VALID`;
  return {
    title: t('Add a NOT VALID proof here; validate it and set NOT NULL in a later migration'),
    here,
    undo: `ALTER TABLE ${table} DROP CONSTRAINT ${constraint};\n`,
    follows: [
      {
        name: words,
        up:
          `ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint};\n` +
          `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;\n` +
          `ALTER TABLE ${table} DROP CONSTRAINT ${constraint};\n`,
        down:
          `ALTER TABLE ${table} ALTER COLUMN ${column} DROP NOT NULL;\n` + `ALTER TABLE ${table} ${here};\n`,
        transactional: true,
      },
    ],
  };
}
