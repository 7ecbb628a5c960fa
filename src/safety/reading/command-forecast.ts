import type { AlterTableCmd } from '@pgsql/types';
import { asKind } from '../../sql/tree';
import { alterTable } from '../forecast/alter-table';
import { Effects } from '../forecast/effects';
import type { Forecast } from '../forecast';
import type { RuleContext } from '../rule';

/** What one command of an ALTER TABLE does by itself, where the statement has several. */
export function commandForecast(context: RuleContext, command: AlterTableCmd): Forecast {
  const commands = asKind(context.statement.node, 'AlterTableStmt')?.cmds ?? [];
  return commands.length < 2 ? context.forecast : forecastAlone(context, command);
}

/** The forecast of the ALTER TABLE with one of its commands only. */
export function forecastAlone(
  { statement, schema, script }: Pick<RuleContext, 'statement' | 'schema' | 'script'>,
  command: AlterTableCmd,
): Forecast {
  const alter = asKind(statement.node, 'AlterTableStmt');
  const { direction, transaction, serverMajor } = script;
  const effects = new Effects({ schema, major: serverMajor, direction, transaction });
  alterTable.add({ ...alter, cmds: [{ AlterTableCmd: command }] } as never, effects);
  return effects.forecast(statement);
}
