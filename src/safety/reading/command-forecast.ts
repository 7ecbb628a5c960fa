import type { AlterTableCmd } from '@pgsql/types';
import { asKind } from '../../sql/tree';
import { alterTable } from '../forecast/alter-table';
import { Effects } from '../forecast/effects';
import type { Forecast } from '../forecast';
import type { RuleContext } from '../rule';

/** What one command of an ALTER TABLE does by itself, where the statement has several. */
export function commandForecast(context: RuleContext, command: AlterTableCmd): Forecast {
  const { statement, forecast, schema, script } = context;
  const alter = asKind(statement.node, 'AlterTableStmt');
  if (!alter || (alter.cmds ?? []).length < 2) return forecast;
  const { direction, transaction, serverMajor } = script;
  const effects = new Effects({ schema, major: serverMajor, direction, transaction });
  alterTable.add({ ...alter, cmds: [{ AlterTableCmd: command }] } as never, effects);
  return effects.forecast(statement);
}
