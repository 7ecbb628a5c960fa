import { randomUUID } from 'node:crypto';
import type { Direction, Layout, Migration, MigrationScript, ParameterizedSql } from '../layouts/layout';
import { t } from '../messages/translate';
import { quoteLiteral } from '../sql/identifier';
import { relativeToWorkspace } from './shadow';
import type { JourneyContext } from './workspace';

/** What is to be done with the history of databases that have had the old migrations. */
export interface SquashedHistory {
  sentence: string;
  /** Shown, never run. */
  sql: string[];
}

/**
 * The tool's own statements on its history for databases that have had all of the old migrations: their rows go, and that of
 * the last stands for the new file, with its checksum where the tool keeps one.
 */
export function squashedHistory(
  context: JourneyContext,
  layout: Layout,
  old: readonly Migration[],
  script: MigrationScript,
): SquashedHistory {
  const last = old.at(-1)!;
  if (layout.historyQuery?.cumulative) {
    return {
      sentence: t(
        'Databases at version {0} or later need nothing: {1} keeps the latest version only. Bring the others to {0} with the old files first.',
        last.version,
        layout.title,
      ),
      sql: [],
    };
  }
  const record = (migration: Migration, direction: Direction, previous: string | null): string[] => {
    const execution = layout.execution(migration, direction, {
      directory: relativeToWorkspace(context, migration.folder),
      previousVersion: previous,
      by: context.user,
      sql: script.sql,
      contentHash: script.contentHash,
      recordedHash: layout.recordedHash(script),
      id: randomUUID(),
    });
    const before = direction === 'up' ? execution.before : [];
    return [...before, ...execution.record(0)].map(withValues);
  };
  const removed = [...old].reverse().flatMap((migration, index) => {
    return record(migration, 'down', old[old.length - 2 - index]?.version ?? null);
  });
  return {
    sentence: t(
      'On each database that has had all of them up to {0}, and only there, run this in one transaction before the next run of {1}: the rows of the old migrations go, and one row stands for the new file. Bring the others to {0} with the old files first.',
      last.version,
      layout.title,
    ),
    sql: [...removed, ...record(last, 'up', null)],
  };
}

/** The values stand where the parameters were. */
function withValues({ sql, parameters }: ParameterizedSql): string {
  return sql.replaceAll(/\$(\d+)/g, (whole, number: string) => {
    const index = Number(number) - 1;
    if (index >= parameters.length) return whole;
    return valueSql(parameters[index]);
  });
}

function valueSql(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `ARRAY[${value.map(valueSql).join(', ')}]::text[]`;
  if (value instanceof Date) return quoteLiteral(value.toISOString());
  return quoteLiteral(typeof value === 'string' ? value : JSON.stringify(value));
}
