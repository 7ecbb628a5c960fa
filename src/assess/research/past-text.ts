import { t } from '../../messages/translate';
import type { PastMigration } from './research';

/** Who committed it and when, in a phrase; null where git knows nothing of it. `date` says the day. */
export function commitText(
  { author, committedAt }: PastMigration,
  date: (iso: string) => string = (iso) => iso.slice(0, 10),
): string | null {
  return author === null || committedAt === null ? null : t('{0} on {1}', author, date(committedAt));
}

/** The statement in one line, cut where it is long. */
export function shortStatement({ statement }: PastMigration): string {
  const line = statement.replace(/\s+/g, ' ').trim();
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`;
}
