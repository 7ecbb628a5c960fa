import { errorText, isSwitchbackError, SwitchbackError } from '../messages/error';
import { redact } from '../messages/redact';
import { t } from '../messages/translate';
import type { Connection } from './connection';

/** Thrown to node-postgres when the server asks for a password and none is known. */
export class PasswordMissing extends Error {
  constructor() {
    super('The server asks for a password.');
  }
}

/** How messages name a database: `shop on localhost:5432`. */
export function connectionLabel(connection: Pick<Connection, 'database' | 'host' | 'port'>): string {
  return t('{0} on {1}', connection.database, hostAndPort(connection));
}

function hostAndPort({ host, port }: Pick<Connection, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The server answered the request for TLS with no. */
export function isTlsUnsupported(error: unknown): boolean {
  return errorText(error) === 'The server does not support SSL connections';
}

/** TLS could not be agreed: no TLS at the server, an untrusted certificate, or a failed handshake. */
export function isTlsFailure(error: unknown): boolean {
  const code = errorCode(error);
  return (
    isTlsUnsupported(error) ||
    errorText(error) === 'There was an error establishing an SSL connection' ||
    /^(EPROTO$|ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECODE|DECRYPT)|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/.test(
      code,
    ) ||
    errorText(error).includes('before secure TLS connection was established')
  );
}

/** A server's answer that another transport may change: libpq then tries the next one of `allow` and `prefer`. */
export function isRefusedLogin(error: unknown): boolean {
  return errorCode(error).startsWith('28');
}

/** `code` of a Node or PostgreSQL error; an empty text where it has none. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** A failed attempt to connect as one sentence that says what to do. Never holds the password. */
export function connectError(error: unknown, connection: Connection): SwitchbackError {
  if (isSwitchbackError(error)) return error;
  const label = connectionLabel(connection);
  const reason = redact(errorText(error));
  const code = errorCode(error);
  const details = { sqlstate: /^[0-9A-Z]{5}$/.test(code) && isServerMessage(error) ? code : null };
  const failure = (kind: SwitchbackError['code'], sentence: string): SwitchbackError =>
    new SwitchbackError(kind, sentence, { cause: error, details });

  if (error instanceof PasswordMissing) {
    return failure(
      'authentication',
      t('{0} asks for the password of "{1}" and none is stored. Enter the password.', label, connection.user),
    );
  }
  if (isTlsUnsupported(error)) {
    return failure(
      'tls-refused',
      t(
        '{0} does not offer TLS, and sslmode "{1}" insists on it. Choose sslmode "prefer" or "disable", or turn on ssl at the server.',
        label,
        connection.sslmode,
      ),
    );
  }
  if (isTlsFailure(error)) return failure('tls-refused', tlsSentence(code, label, reason, connection));
  if (isServerMessage(error)) return failure(...serverSentence(code, label, reason, connection));
  if (reason.startsWith('SASL')) {
    return failure(
      'authentication',
      t('{0} did not accept the password of "{1}": {2}. Check the password.', label, connection.user, reason),
    );
  }
  return failure('unreachable', unreachableSentence(code, label, reason, connection));
}

/** The session ended: by the server, the network or a person. `committed` says what became of a transaction. */
export function connectionLost(label: string, cause: unknown): SwitchbackError {
  return new SwitchbackError(
    'connection-lost',
    t(
      'The connection to {0} was lost: {1}. Connect again; what was committed is kept.',
      label,
      redact(errorText(cause)),
    ),
    { cause, details: { sqlstate: isServerMessage(cause) ? errorCode(cause) : null } },
  );
}

/** True for an ErrorResponse of the server, which has a severity and an SQLSTATE. */
export function isServerMessage(error: unknown): boolean {
  return (
    typeof (error as { severity?: unknown } | null)?.severity === 'string' && errorCode(error).length === 5
  );
}

function tlsSentence(code: string, label: string, reason: string, connection: Connection): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return t(
      'The certificate of {0} is for another host name: {1}. Connect by the name in the certificate, or choose sslmode "verify-ca".',
      label,
      reason,
    );
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return t('The certificate of {0} is not valid today: {1}. Renew it at the server.', label, reason);
  }
  if (/^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|INVALID_CA)/.test(code)) {
    return t(
      'The certificate of {0} is not signed by an authority in {1}: {2}. Name the right root certificate (sslrootcert), or choose sslmode "require" without one.',
      label,
      connection.sslRootCert ?? '~/.postgresql/root.crt',
      reason,
    );
  }
  return t(
    "TLS with {0} failed: {1}. Check the server's certificate and TLS versions, or choose another sslmode.",
    label,
    reason,
  );
}

function serverSentence(
  code: string,
  label: string,
  reason: string,
  connection: Connection,
): [SwitchbackError['code'], string] {
  switch (code) {
    case '28P01':
      return [
        'authentication',
        t(
          '{0} did not accept the password of "{1}". Enter the password again; the stored one is kept until another works.',
          label,
          connection.user,
        ),
      ];
    case '28000':
      return [
        'authentication',
        t(
          '{0} refused "{1}": {2}. Check the user name and sslmode ("{3}" now), or ask for a rule in pg_hba.conf.',
          label,
          connection.user,
          reason,
          connection.sslmode,
        ),
      ];
    case '3D000':
      return [
        'not-found',
        t(
          'There is no database "{0}" on {1}. Choose another database, or create it first.',
          connection.database,
          hostAndPort(connection),
        ),
      ];
    case '42501':
      return [
        'no-privilege',
        t(
          '"{0}" may not connect to {1}: {2}. Ask for the CONNECT privilege.',
          connection.user,
          label,
          reason,
        ),
      ];
    case '53300':
      return [
        'unreachable',
        t('{0} has no free connection: {1}. Close some sessions, or wait and try again.', label, reason),
      ];
    case '57P03':
      return [
        'unreachable',
        t('{0} does not accept connections yet: {1}. Wait a moment and try again.', label, reason),
      ];
    default:
      return [
        'database-error',
        t('{0} refused the connection: {1}. Correct the connection and try again.', label, reason),
      ];
  }
}

function unreachableSentence(code: string, label: string, reason: string, connection: Connection): string {
  switch (code) {
    case 'ECONNREFUSED':
      return t(
        '{0} cannot be reached: nothing listens there. Check host and port, and that the server runs.',
        label,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return t(
        '{0} cannot be reached: the host name "{1}" is not known. Check the host name and the network.',
        label,
        connection.host,
      );
    case 'ENOENT':
      return t(
        '{0} cannot be reached: there is no socket in {1}. Check the folder and the port, and that the server runs.',
        label,
        connection.host,
      );
    case 'EACCES':
      return t(
        '{0} cannot be reached: the socket in {1} may not be opened by you. Ask for permission, or connect by host name.',
        label,
        connection.host,
      );
    default:
      return reason === 'timeout expired' || code === 'ETIMEDOUT'
        ? t('{0} cannot be reached: no answer in time. Check host, port, firewall and VPN.', label)
        : t('{0} cannot be reached: {1}. Check host, port, firewall and VPN.', label, reason || code);
  }
}
