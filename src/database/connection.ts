export type Environment = 'development' | 'staging' | 'production';

/** libpq's meaning: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export const sslModes: readonly SslMode[] = [
  'disable',
  'allow',
  'prefer',
  'require',
  'verify-ca',
  'verify-full',
];

/** A database one can connect to, without its secret. Plain data, kept in globalState. */
export interface Connection {
  /** Stable id; also the key of its password in SecretStorage. */
  id: string;
  name: string;
  environment: Environment;
  kind: 'server' | 'embedded';
  /** Host name, address, or absolute path of a socket folder. */
  host: string;
  port: number;
  database: string;
  user: string;
  sslmode: SslMode;
  /** Paths of PEM files. */
  sslRootCert?: string;
  sslCert?: string;
  sslKey?: string;
  connectTimeoutSeconds?: number;
  /** Further libpq options sent at start, for example `-c search_path=app`. */
  options?: string;
}

/** A connection found in the workspace or the user's configuration, offered by Connect. */
export interface FoundConnection {
  connection: Connection;
  /** Where it was found, in words: `.env, DATABASE_URL`. */
  source: string;
  /** The kind of place it was found in. */
  origin: 'environment' | 'workspace' | 'service' | 'password-file';
  /** The password found beside it, if any; kept out of `connection`. */
  password: string | null;
}
