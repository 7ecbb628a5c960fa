import type { Environment } from '../database/connection';
import type { Session, SessionFactory } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';

/** Throws `confirmation-needed` on production unless the user typed this database's name. */
export function assertDatabaseConfirmed(
  request: { environment: Environment; confirmedDatabase: string | null; sessions: SessionFactory },
  session: Session,
): void {
  if (request.environment !== 'production' || request.confirmedDatabase === session.facts.database) return;
  throw new SwitchbackError(
    'confirmation-needed',
    request.confirmedDatabase === null
      ? t('{0} is production. Type the name of the database to go on.', request.sessions.label)
      : t(
          '{0} is production, and "{1}" is not its database\'s name. Type it exactly.',
          request.sessions.label,
          request.confirmedDatabase,
        ),
  );
}
