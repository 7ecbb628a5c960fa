import type { Constraint } from '@pgsql/types';
import { t } from '../../messages/translate';
import { strings } from '../../sql/tree';
import { provesNotNull } from '../known-constraint';
import { relationKey } from '../known-schema';
import type { Effects } from './effects';
import { lockForProof } from './index-locks';

/**
 * ADD CONSTRAINT, or a column's inline constraint (`column` is then its column): what is checked, what index
 * is built, what else is locked. https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export function addTableConstraint(
  key: string,
  constraint: Constraint,
  column: string | null,
  effects: Effects,
): void {
  switch (constraint.contype) {
    case 'CONSTR_CHECK':
      if (!constraint.skip_validation && constraint.is_enforced !== false) effects.work('scan', key);
      return;
    case 'CONSTR_NOTNULL': {
      const name =
        (constraint.keys?.[0] as { String?: { sval?: string } } | undefined)?.String?.sval ?? column ?? '';
      if (constraint.skip_validation) effects.breaksOldCode();
      else setNotNull(key, name, effects);
      return;
    }
    case 'CONSTR_FOREIGN':
      addForeignKey(key, constraint, effects);
      return;
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
      if (constraint.indexname) useIndex(key, constraint, effects);
      else effects.work('index-build', key);
      if (constraint.contype === 'CONSTR_PRIMARY' && !constraint.indexname)
        requireColumns(key, strings(constraint.keys), effects);
      return;
    case 'CONSTR_EXCLUSION':
      effects.work('index-build', key);
      return;
    default:
      return;
  }
}

/** A primary key demands values where old code may have left them out. */
function requireColumns(key: string, columns: readonly string[], effects: Effects): void {
  const known = effects.context.schema.relations.get(key);
  if (effects.isFresh(key)) return;
  if (known?.columns.some((each) => columns.includes(each.name) && !each.notNull && !each.hasDefault))
    effects.breaksOldCode();
}

/** A foreign key locks both tables against writes, for its triggers, and reads both unless NOT VALID. */
function addForeignKey(key: string, constraint: Constraint, effects: Effects): void {
  const referenced = relationKey(effects.context.schema, constraint.pktable);
  effects.lockTree(referenced, 'ShareRowExclusiveLock');
  effects.lockTree(key, 'ShareRowExclusiveLock');
  if (constraint.skip_validation || constraint.is_enforced === false) return;
  if (constraint.fk_with_period) {
    // Not one query for all rows, but one for each.
    effects.lockForQuery(referenced, 'RowShareLock');
  } else lockForProof(key, referenced, effects);
  effects.work('scan', key);
  if (!effects.isFresh(key)) effects.work('scan', referenced);
}

/** A primary key from an index reads the table where a column may still hold NULL. */
function useIndex(key: string, constraint: Constraint, effects: Effects): void {
  // It is only looked at, unless it gets the name of the constraint (ATExecAddIndexConstraint).
  const { conname, indexname } = constraint;
  const mode = conname && conname !== indexname ? 'ShareUpdateExclusiveLock' : 'AccessShareLock';
  effects.lockIndexes(key, mode, (each) => each.name === indexname);
  if (constraint.contype !== 'CONSTR_PRIMARY') return;
  const relation = effects.context.schema.relations.get(key);
  const index = relation?.indexes.find((each) => each.name === constraint.indexname);
  if (!index) {
    effects.note(
      t('If a column of the index {0} may be NULL, all rows are read.', constraint.indexname ?? ''),
    );
  } else if (index.columns.some((column) => !provesNotNull(relation, column))) {
    effects.work('scan', key);
  }
}

/** SET NOT NULL reads all rows unless a validated CHECK proves there is none to find (12 and newer). */
export function setNotNull(key: string, column: string, effects: Effects): void {
  const { schema } = effects.context;
  const known = schema.relations.get(key);
  if (known?.columns.find((each) => each.name === column)?.notNull) return;
  if (!effects.isFresh(key)) effects.breaksOldCode();
  for (const holder of effects.holders(key)) {
    const relation = schema.relations.get(holder);
    if (!provesNotNull(relation, column) && !provesNotNull(known, column)) effects.workOn('scan', holder);
  }
}

/** VALIDATE CONSTRAINT reads the rows under a lock that lets writes pass. */
export function validateConstraint(key: string, name: string, effects: Effects): void {
  const constraint = effects.context.schema.relations
    .get(key)
    ?.constraints.find((each) => each.name === name);
  if (constraint?.validated) return;
  effects.work('scan', key);
  if (!constraint?.references) return;
  effects.lock(constraint.references, 'RowShareLock');
  lockForProof(key, constraint.references, effects);
  effects.work('scan', constraint.references);
}
