import type { Node } from '@pgsql/types';
import { asKind } from '../../sql/tree';
import { nameParts } from '../known-schema-drop';
import { dottedKey, relationKey } from '../known-schema';
import { tableOfIndex } from '../known-neighbours';
import { forecaster } from './forecaster';

/** COMMENT takes SHARE UPDATE EXCLUSIVE on a relation or column, and only looks at the table of a part. */
export const comment = forecaster('CommentStmt', (statement, effects) => {
  const { schema } = effects.context;
  const parts = nameParts(statement.object);
  const kind = statement.objtype ?? '';
  const onPart = /^OBJECT_(COLUMN|TABCONSTRAINT|TRIGGER|POLICY|RULE)$/.test(kind);
  if (onPart)
    effects.lock(
      dottedKey(schema, parts.slice(0, -1), schema.relations),
      kind === 'OBJECT_COLUMN' ? 'ShareUpdateExclusiveLock' : 'AccessShareLock',
    );
  if (/^OBJECT_(TABLE|VIEW|MATVIEW|SEQUENCE|FOREIGN_TABLE|INDEX)$/.test(kind)) {
    const key = dottedKey(schema, parts, schema.relations);
    const table = kind === 'OBJECT_INDEX' ? tableOfIndex(schema, key)?.table : undefined;
    if (table) effects.lockIndex(table, key, 'ShareUpdateExclusiveLock');
    else effects.lock(key, 'ShareUpdateExclusiveLock');
  }
});

/** CREATE STATISTICS: https://www.postgresql.org/docs/current/sql-createstatistics.html */
export const createStatistics = forecaster('CreateStatsStmt', (statement, effects) => {
  lockAll(
    statement.relations,
    (key) => effects.lock(key, 'ShareUpdateExclusiveLock'),
    effects.context.schema,
  );
});

/** Publications lock the tables they are made for, so that those are not changed meanwhile. */
export const createPublication = forecaster('CreatePublicationStmt', (statement, effects) => {
  lockAll(
    statement.pubobjects,
    (key) => effects.lock(key, 'ShareUpdateExclusiveLock'),
    effects.context.schema,
  );
});

export const alterPublication = forecaster('AlterPublicationStmt', (statement, effects) => {
  if (statement.action === 'AP_SetObjects') {
    for (const table of effects.context.schema.publications.get(statement.pubname ?? '') ?? [])
      effects.lock(table, 'ShareUpdateExclusiveLock');
  }
  lockAll(
    statement.pubobjects,
    (key) => effects.lock(key, 'ShareUpdateExclusiveLock'),
    effects.context.schema,
  );
});

function lockAll(
  nodes: readonly Node[] | undefined,
  lock: (key: string) => void,
  schema: Parameters<typeof relationKey>[0],
): void {
  for (const node of nodes ?? []) {
    const range = asKind(node, 'RangeVar') ?? asKind(node, 'PublicationObjSpec')?.pubtable?.relation;
    if (range) lock(relationKey(schema, range));
  }
}
