import { t } from '../../messages/translate';

/**
 * What upserts may meet while a column has a unique index beside that of another one.
 * https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
 */
export function uniqueTwiceNote(): string {
  return t(
    'While two indexes keep the same key unique, sessions that insert one key at the same moment with ON CONFLICT may get a unique violation instead: PostgreSQL settles the conflict by one of the indexes only. Let such code try again.',
  );
}
