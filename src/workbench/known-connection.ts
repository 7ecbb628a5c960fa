import { sslModes, type Connection, type Environment } from '../database/connection';
import { connectionId } from '../database/connection-parameters';
import { t } from '../messages/translate';
import { environmentWord } from './format';

/** The saved connection to the same database as the same user, which saving this one would replace. */
export function savedOf(saved: readonly Connection[], connection: Connection): Connection | undefined {
  const id = connectionId(connection);
  return saved.find((one) => one.id === id);
}

/**
 * What is proposed when a URL for a saved connection is typed: name, environment and certificates as they are saved, and of the two
 * sslmodes the stronger one. The rest is as it was typed.
 */
export function typedOver(known: Connection, typed: Connection): Connection {
  return {
    ...known,
    ...typed,
    name: known.name,
    environment: known.environment,
    sslmode: strength(typed) > strength(known) ? typed.sslmode : known.sslmode,
  };
}

/** A sentence for each thing that protects a saved connection and would no longer; none where it stays as safe as it is. */
export function weakenedIn(known: Connection, next: Connection): string[] {
  const sentences: string[] = [];
  if (rank(next.environment) < rank(known.environment)) {
    sentences.push(
      t(
        'Its environment goes from {0} to {1}: what guards {0} does not hold any more, such as gates, typed names and masking.',
        environmentWord(known.environment),
        environmentWord(next.environment),
      ),
    );
  }
  if (strength(next) < strength(known)) {
    sentences.push(
      t(
        'Its sslmode goes from {0} to {1}: somebody on the way could read what is sent, the password with it, or answer in its place.',
        known.sslmode,
        next.sslmode,
      ),
    );
  }
  if (isChecked(known) && known.sslRootCert !== next.sslRootCert) {
    const usual = t('the usual root.crt');
    sentences.push(
      t(
        'Its certificate is checked against {0} instead of {1}.',
        next.sslRootCert ?? usual,
        known.sslRootCert ?? usual,
      ),
    );
  }
  return sentences;
}

const environments: readonly Environment[] = ['development', 'staging', 'production'];

function rank(environment: Environment): number {
  return environments.indexOf(environment);
}

/** Of two modes the later one in libpq's list protects more. */
function strength({ sslmode }: Connection): number {
  return sslModes.indexOf(sslmode);
}

/** libpq checks the chain in every mode as soon as there is a root certificate. */
function isChecked({ sslmode, sslRootCert }: Connection): boolean {
  return sslmode === 'verify-ca' || sslmode === 'verify-full' || sslRootCert !== undefined;
}
