import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { quoteLiteral } from '../../sql/identifier';
import type { Direction, Layout, Migration, ParameterizedSql } from '../../layouts/layout';

/** What a layout's tool writes around a migration, as SQL for psql: values are psql variables. */
export interface HistorySql {
  /** The tool's own name. */
  title: string;
  table: string;
  cumulative: boolean;
  query: string;
  /** Whether the row is written in the migration's own transaction. */
  sameTransaction: boolean;
  lockTake: string | null;
  lockRelease: string | null;
  prepare: string[];
  upBegin: string[];
  upEnd: string[];
  downBegin: string[];
  downEnd: string[];
  /** Taking back the first migration of the folder, before which there is none. */
  lastDownBegin: string[];
  lastDownEnd: string[];
}

/** Stand-ins for values that are known when a script runs; each becomes the psql variable it is named by. */
const standIn = {
  directory: '\u0001directory',
  version: '\u0001version',
  previous: '\u0001previous',
  name: '\u0001name',
  owner: '\u0001owner',
  hash: '\u0001hash',
  id: '\u0001id',
} as const;
const millisecondsStandIn = 987_654_321;
const elapsed = 'round(extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000)::bigint';

/** The SQL of `layout.execution`, asked once with stand-ins and written with the variables of psql. */
export function historySql(layout: Layout): HistorySql {
  const { historyQuery } = layout;
  if (!historyQuery) {
    throw new SwitchbackError(
      'usage',
      t(
        'Scripts cannot keep the history of {0}. Apply its migrations from the editor or with "switchback apply".',
        layout.title,
      ),
    );
  }
  const up = execution(layout, 'up', standIn.previous);
  const down = execution(layout, 'down', standIn.previous);
  const lastDown = execution(layout, 'down', null);
  return {
    title: layout.title,
    table: historyQuery.table,
    cumulative: historyQuery.cumulative,
    query: psqlText({ sql: historyQuery.sql, parameters: [standIn.directory, standIn.version] }),
    sameTransaction: up.sameTransaction,
    lockTake: up.lock?.take ?? null,
    lockRelease: up.lock?.release ?? null,
    prepare: up.prepare,
    upBegin: up.before.map(psqlText),
    upEnd: up.record(millisecondsStandIn).map(psqlText),
    downBegin: down.before.map(psqlText),
    downEnd: down.record(millisecondsStandIn).map(psqlText),
    lastDownBegin: lastDown.before.map(psqlText),
    lastDownEnd: lastDown.record(millisecondsStandIn).map(psqlText),
  };
}

function execution(
  layout: Layout,
  direction: Direction,
  previousVersion: string | null,
): ReturnType<Layout['execution']> {
  const migration: Migration = {
    version: standIn.version,
    name: standIn.name,
    folder: '',
    layout: layout.id,
    upPath: '',
    downPath: '',
  };
  return layout.execution(migration, direction, {
    directory: standIn.directory,
    previousVersion,
    by: standIn.owner,
    sql: '',
    contentHash: standIn.hash,
    recordedHash: standIn.hash,
    id: standIn.id,
  });
}

/** `$1` becomes `:'switchback_version'` or the value itself: https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-INTERPOLATION */
function psqlText({ sql, parameters }: ParameterizedSql): string {
  return sql.replace(/\$(\d+)/g, (_, number: string) => psqlValue(parameters[Number(number) - 1]));
}

function psqlValue(value: unknown): string {
  if (value === millisecondsStandIn) return elapsed;
  const variable = Object.entries(standIn).find(([, mark]) => mark === value)?.[0];
  if (variable !== undefined) return `:'switchback_${variable}'`;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (value === null) return 'null';
  if (typeof value === 'string') return quoteLiteral(value);
  throw new Error(`The history of this layout has a value that scripts cannot write (${typeof value})`);
}
