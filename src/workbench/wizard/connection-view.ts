import type { Database } from '../../journey/database';
import type { WizardState } from '../../protocol/wizard-state';

/** The connection as the page's head shows it; the database is named once, whatever the connection is called. */
export function connectionView({
  connection,
  session,
  sessions,
}: Database): NonNullable<WizardState['connection']> {
  const embedded = session.facts.engine === 'pglite';
  const sameName = connection.name === connection.database;
  return {
    name: sameName && !embedded ? sessions.label : connection.name,
    label: sameName || embedded ? '' : sessions.label,
    environment: connection.environment,
    engine: `${embedded ? 'PGlite' : 'PostgreSQL'} ${session.facts.version}`,
  };
}
