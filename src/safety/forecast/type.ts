import { t } from '../../messages/translate';
import { asKind, strings } from '../../sql/tree';
import { dottedKey } from '../known-schema';
import { tablesWithType } from '../known-neighbours';
import { forecaster } from './forecaster';

/** ALTER DOMAIN checks every column of the domain, in all tables, under SHARE. */
export const alterDomain = forecaster('AlterDomainStmt', (statement, effects) => {
  const { schema } = effects.context;
  const key = dottedKey(schema, strings(statement.typeName), schema.types);
  const notValid = asKind(statement.def, 'Constraint')?.skip_validation === true;
  // C adds a constraint, V validates one, O sets NOT NULL: https://www.postgresql.org/docs/current/sql-alterdomain.html
  const checks =
    statement.subtype === 'O' || statement.subtype === 'V' || (statement.subtype === 'C' && !notValid);
  // Values that were left out until now are refused from here on.
  if (statement.subtype === 'O') effects.breaksOldCode();
  if (!checks) return;
  const known = schema.types.has(key);
  if (!known) {
    effects.note(
      t('The tables with a column of the domain {0} are not known; all of them are locked and read.', key),
    );
  }
  // Nobody validates what was not added NOT VALID first, so only a new constraint stands for unknown tables.
  const tables = known ? tablesWithType(schema, key) : statement.subtype === 'V' ? [] : [key];
  for (const table of tables) {
    effects.lock(table, 'ShareLock');
    effects.work('scan', table);
  }
});

/** Enum values are rows of a catalog: no relation is locked. */
export const alterEnum = forecaster('AlterEnumStmt', (statement, effects) => {
  if (statement.oldVal !== undefined) effects.breaksOldCode();
  else if (effects.context.transaction !== 'none') {
    effects.note(t('The new value cannot be used in the same transaction.'));
  }
});
