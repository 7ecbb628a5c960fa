import type { AlterTableCmd } from '@pgsql/types';
import { t } from '../../messages/translate';
import { clipIdentifier, formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { createDualWrite, dropDualWrite, type DualWrite } from '../../sql/dual-write';
import { fittingName, shortHash } from '../../sql/free-name';
import { lastTriggerName } from '../../sql/last-trigger-name';
import { asKind } from '../../sql/tree';
import { columnType } from '../column-type';
import type { FixProposal } from '../fix-proposal';
import { relationKey, type KnownColumnType, type KnownSchema } from '../known-schema';
import type { Rule, RuleContext } from '../rule';
import { typePlace } from '../reading/column-definition';
import { commandForecast, forecastAlone } from '../reading/command-forecast';
import { commandPlaces } from '../reading/command-places';
import { alteredTable, commandsOf } from '../reading/commands';
import { isPlainConversion, keepsEveryValue } from '../reading/type-conversion';

export const typeChangeRewrite: Rule = {
  id: 'type-change-rewrite',
  title: "Changing a column's type in place",
  severity: 'error',
  on: ['AT_AlterColumnType'],
  since: null,
  until: null,
  why: 'Unless the stored bytes stay the same, PostgreSQL writes the table and all its indexes anew under ACCESS EXCLUSIVE. Nobody can read or write the table until that is done.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES',
  bad: {
    before: 'create table orders (id int primary key, amount int);',
    sql: 'alter table orders alter column amount type bigint;',
  },
  good: {
    before: 'create table orders (id int primary key, code varchar(10));',
    sql: 'alter table orders alter column code type varchar(20);',
  },
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    return commandsOf(context, 'AT_AlterColumnType').flatMap((command) => {
      if (commandForecast(context, command).work !== 'rewrite') return [];
      // When the plan was made, the type was known.
      if (context.script.plan?.kind === 'step' && isUnknown(context, command)) return [];
      const message = isUnknown(context, command)
        ? t(
            'What type {0} has now is not known: unless its values stay as they are stored, changing it writes all of {1} anew while nobody can read or write it. Lint it with a connected database, or add a new column, keep both equal with a trigger, fill it in batches, and switch.',
            command.name ?? '',
            table,
          )
        : isOnlyOtherZone(context, command)
          ? t(
              "Changing the type of {0} writes all of {1} anew while nobody can read or write it, unless the time zone of the session is UTC. Where the values are meant as UTC, SET LOCAL TimeZone = 'UTC' before it; else add a new column, keep both equal with a trigger, fill it in batches, and switch.",
              command.name ?? '',
              table,
            )
          : t(
              'Changing the type of {0} writes all of {1} anew while nobody can read or write it. Add a new column, keep both equal with a trigger, fill it in batches, and switch.',
              command.name ?? '',
              table,
            );
      return [{ message, fix: expandStep(context, command) }];
    });
  },
};

/** Whether nothing tells the column's present type. A conversion of the author's own rewrites whatever it is. */
function isUnknown({ statement, schema }: RuleContext, command: AlterTableCmd): boolean {
  if (asKind(command.def, 'ColumnDef')?.raw_default) return false;
  const key = relationKey(schema, asKind(statement.node, 'AlterTableStmt')?.relation);
  return !schema.relations.get(key)?.columns.some((column) => column.name === command.name);
}

/** Whether PostgreSQL would keep the rows if the session's time zone were UTC. */
function isOnlyOtherZone(context: RuleContext, command: AlterTableCmd): boolean {
  const type = columnType(context.schema, asKind(command.def, 'ColumnDef')?.typeName);
  if (!/^timestamp(tz)?$/.test(type.name)) return false;
  const schema: KnownSchema = { ...context.schema, utc: true };
  return context.schema.utc !== true && forecastAlone({ ...context, schema }, command).work !== 'rewrite';
}

/** The new column and the trigger that keeps both equal, where every value there surely has one of the new type. */
function expandStep(context: RuleContext, command: AlterTableCmd): FixProposal | null {
  const { statement, schema, script } = context;
  const alter = asKind(statement.node, 'AlterTableStmt');
  const definition = asKind(command.def, 'ColumnDef');
  const key = relationKey(schema, alter?.relation);
  const relation = schema.relations.get(key);
  const column = relation?.columns.find((each) => each.name === command.name);
  const place = commandPlaces(context).get(command);
  if (!alter || !definition || !relation || !column || !place || script.direction === 'down') return null;
  const holdsItsRows = relation.kind === 'table' && relation.children.length === 0 && !relation.parent;
  const type = columnType(schema, definition.typeName);
  if (alter.cmds?.length !== 1 || !holdsItsRows || column.generated) return null;
  if (!keepsEveryValue(column.type, type) || !isPlainConversion(definition, column.name, type, schema))
    return null;
  const written = typePlace(script.sql, definition, place.end);
  const dual = written && dualWrite(context, key, column, script.sql.slice(written.start, written.end), type);
  return dual && fixOf(context, dual);
}

function fixOf(context: RuleContext, dual: DualWrite): FixProposal {
  const { start, end } = context.statement;
  const table = formatQualifiedName(dual.table);
  const column = formatIdentifier(dual.to);
  const add = `ALTER TABLE ${table} ADD COLUMN ${column} ${dual.toType}`;
  const [createFunction, ...createTrigger] = createDualWrite(dual);
  const undo = [...dropDualWrite(dual), `ALTER TABLE ${table} DROP COLUMN ${column}`];
  return {
    kind: 'edit',
    title: t(
      'Add {0} and keep it equal to {1}; filling, switching and dropping follow',
      formatIdentifier(dual.to),
      formatIdentifier(dual.from),
    ),
    edits: [
      {
        start: start.offset,
        end: end.offset,
        newText: [createFunction!, add, ...createTrigger].join(';\n\n'),
      },
    ],
    follows: [],
    undo: undo.map((sql) => `${sql};\n`).join(''),
  };
}

/** Null where another trigger's name leaves none that sorts behind it. */
function dualWrite(
  { schema }: RuleContext,
  key: string,
  column: { name: string; hasDefault: boolean },
  toType: string,
  type: KnownColumnType,
): DualWrite | null {
  const relation = schema.relations.get(key)!;
  const table = { schema: relation.schema, name: relation.name };
  const columns = new Set(relation.columns.map((each) => each.name));
  const to = freeColumn(column.name, columns);
  const id = shortHash(JSON.stringify([table, column.name, type]));
  const triggers = relation.dependents.filter((each) => each.kind === 'trigger').map((each) => each.name);
  const triggerName = lastTriggerName(`switchback_${id}`, triggers, false);
  if (triggerName === null) return null;
  return {
    table,
    from: column.name,
    to,
    toType,
    fromHasDefault: column.hasDefault,
    functionName: { schema: table.schema, name: fittingName(`switchback_type_${column.name}`, `_${id}`) },
    triggerName,
    triggerTables: [table],
  };
}

function freeColumn(name: string, taken: ReadonlySet<string>): string {
  for (let attempt = 1; ; attempt += 1) {
    const suffix = attempt === 1 ? '_new' : `_new${attempt}`;
    const free = clipIdentifier(name, 63 - suffix.length) + suffix;
    if (!taken.has(free)) return free;
  }
}
