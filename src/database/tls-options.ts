import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type * as tls from 'node:tls';
import { errorText, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Connection } from './connection';

/** How one attempt talks: without TLS, or with these options of node:tls. */
export type Transport = { kind: 'plain' } | { kind: 'tls'; options: tls.ConnectionOptions };

/**
 * The transports to try, in order, for a connection's sslmode; a socket folder never uses TLS. Throws
 * `invalid-file` for a certificate that cannot be read and `usage` for a mode too weak for sslrootcert=system.
 * https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
 */
export async function transportsOf(connection: Connection): Promise<[Transport] | [Transport, Transport]> {
  const plain: Transport = { kind: 'plain' };
  if (isSocketFolder(connection.host)) return [plain];
  switch (connection.sslmode) {
    case 'disable':
      return [plain];
    case 'allow':
      return [plain, { kind: 'tls', options: await tlsOptions(connection) }];
    case 'prefer':
      return [{ kind: 'tls', options: await tlsOptions(connection) }, plain];
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return [{ kind: 'tls', options: await tlsOptions(connection) }];
  }
}

/** True where `host` is the folder of a Unix socket. */
export function isSocketFolder(host: string): boolean {
  return host.startsWith('/');
}

/** libpq verifies the chain in every mode as soon as there is a root certificate; the host name only in verify-full. */
async function tlsOptions(connection: Connection): Promise<tls.ConnectionOptions> {
  const roots = await rootCertificates(connection);
  const client = await clientCertificate(connection);
  return {
    ...client,
    ...(roots.kind === 'given' ? { ca: roots.pem } : {}),
    rejectUnauthorized: roots.kind !== 'none',
    ...(connection.sslmode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
}

type Roots = { kind: 'none' } | { kind: 'bundled' } | { kind: 'given'; pem: string[] };

async function rootCertificates(connection: Connection): Promise<Roots> {
  const { sslRootCert, sslmode } = connection;
  if (sslRootCert === 'system') {
    if (sslmode !== 'verify-full') {
      throw new SwitchbackError(
        'usage',
        t('sslrootcert "system" needs sslmode "verify-full", not "{0}". Choose verify-full.', sslmode),
      );
    }
    return systemRoots();
  }
  if (sslRootCert) return { kind: 'given', pem: [await readPem(sslRootCert)] };
  const file = join(settingsFolder(), 'root.crt');
  const pem = await readIfThere(file);
  if (pem !== null) return { kind: 'given', pem: [pem] };
  if (sslmode === 'verify-ca' || sslmode === 'verify-full') {
    throw new SwitchbackError(
      'tls-refused',
      t(
        'sslmode "{0}" needs a root certificate and there is none at {1}. Name the file of your certificate authority, or "system" for those the machine trusts.',
        sslmode,
        file,
      ),
    );
  }
  return { kind: 'none' };
}

/** The certificates the machine trusts; Node's own list where the machine keeps none in a file. */
async function systemRoots(): Promise<Roots> {
  const newer = (await import('node:tls')) as typeof tls & {
    getCACertificates?: (kind: 'system') => string[];
  };
  const listed = newer.getCACertificates?.('system') ?? [];
  if (listed.length > 0 && !process.env['SSL_CERT_FILE']) return { kind: 'given', pem: listed };
  const files = [process.env['SSL_CERT_FILE'], ...systemBundles].filter(
    (file) => file !== undefined && file !== '',
  );
  for (const file of files) {
    const pem = await readIfThere(file!);
    if (pem !== null) return { kind: 'given', pem: [pem] };
  }
  return { kind: 'bundled' };
}

const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

async function clientCertificate(connection: Connection): Promise<{ cert?: string; key?: string }> {
  const folder = settingsFolder();
  const cert = connection.sslCert
    ? await readPem(connection.sslCert)
    : await readIfThere(join(folder, 'postgresql.crt'));
  if (cert === null) return {};
  const key = await readPem(connection.sslKey ?? join(folder, 'postgresql.key'));
  return { cert, key };
}

/** Where libpq keeps a user's certificates. */
function settingsFolder(): string {
  if (process.platform === 'win32') return join(process.env['APPDATA'] ?? homedir(), 'postgresql');
  return join(homedir(), '.postgresql');
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SwitchbackError(
      'invalid-file',
      t(
        'The certificate file {0} cannot be read: {1}. Check the path and its permissions.',
        path,
        errorText(cause),
      ),
      { cause },
    );
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ||
      (cause as NodeJS.ErrnoException).code === 'ENOTDIR'
    )
      return null;
    throw new SwitchbackError(
      'invalid-file',
      t(
        'The certificate file {0} cannot be read: {1}. Check the path and its permissions.',
        path,
        errorText(cause),
      ),
      { cause },
    );
  }
}
