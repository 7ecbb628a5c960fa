import type { TableFacts, TriggerFacts } from '../../catalog/table-facts';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { renameInStatement, type ColumnRenaming } from './rename-in-definition';
import { dropTrigger } from '../../sql/row-trigger';
import { wholeFirst } from './whole-first';

/** Statements for the table's own triggers that watch the column in UPDATE OF or WHEN. */
export interface WatchingTriggers {
  /** They watch both columns: UPDATE OF looks at what a statement sets, not at what another trigger wrote. */
  expand: string[];
  rollback: string[];
  /** They watch the new column alone. */
  contract: string[];
}

/** How the triggers that watch the old column come to watch the new one. */
export function watchingTriggers(
  parser: SqlParser,
  table: TableFacts,
  renaming: ColumnRenaming,
): WatchingTriggers {
  const result: WatchingTriggers = { expand: [], rollback: [], contract: [] };
  for (const trigger of table.triggers.filter((each) => each.columns.includes(renaming.from))) {
    const columns = updateColumns(trigger.definition);
    if (columns?.includes(formatIdentifier(renaming.from)) === true) {
      const both = [...columns, formatIdentifier(renaming.to)];
      result.expand.push(...replaceTrigger(table, trigger, withUpdateColumns(trigger.definition, both)));
      result.rollback.push(...replaceTrigger(table, trigger, trigger.definition));
    }
    const final = columns?.map((name) =>
      name === formatIdentifier(renaming.from) ? formatIdentifier(renaming.to) : name,
    );
    const renamed = renameInStatement(parser, trigger.definition, renaming);
    result.contract.push(
      ...replaceTrigger(table, trigger, final ? withUpdateColumns(renamed, final) : renamed),
    );
  }
  return result;
}

const updateList = / UPDATE OF ((?:"(?:[^"]|"")+"|[^\s",]+)(?:, (?:"(?:[^"]|"")+"|[^\s",]+))*)/;

function updateColumns(definition: string): string[] | null {
  const list = updateList.exec(definition)?.[1];
  return list === undefined ? null : (list.match(/"(?:[^"]|"")+"|[^\s",]+/g) ?? []);
}

function withUpdateColumns(definition: string, columns: readonly string[]): string {
  return definition.replace(updateList, () => ` UPDATE OF ${columns.join(', ')}`);
}

function replaceTrigger(table: TableFacts, trigger: TriggerFacts, definition: string): string[] {
  const relation = formatQualifiedName(table.name);
  const name = formatIdentifier(trigger.name);
  const modes = { origin: null, disabled: 'DISABLE', replica: 'ENABLE REPLICA', always: 'ENABLE ALWAYS' };
  const mode = modes[trigger.enabled];
  const statements = [...wholeFirst(table), dropTrigger(table.name, trigger.name), definition];
  if (mode !== null) statements.push(`ALTER TABLE ${relation} ${mode} TRIGGER ${name}`);
  if (trigger.comment == null) return statements;
  return [...statements, `COMMENT ON TRIGGER ${name} ON ${relation} IS ${quoteLiteral(trigger.comment)}`];
}
