import os from 'node:os';
import { openSession, sessionFactory } from '../database/connect';
import type { Connection } from '../database/connection';
import { readServerIdentity } from '../database/server-identity';
import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { quoteIdentifier, quoteLiteral } from '../sql/identifier';
import { dropDatabase, scratchName, sweepScratchDatabases } from './scratch-databases';
import type { Shadow } from './shadow';

export interface ServerShadowOptions {
  /** `local`: a server of our own, whose roles are reset too. */
  kind: 'local' | 'server';
  /** Any database of the server, from which the scratch database is created. */
  maintenance: Connection;
  password: string | null;
  target?: ShadowTarget;
  databaseName?: string;
  /** The first scratch database is the server's `postgres`, empty as it is. */
  takesPostgres?: boolean;
  limitMilliseconds: number;
  log?: (line: string) => void;
  signal?: AbortSignal;
}

/** The database the migrations are for, which no shadow database may be. */
export interface ShadowTarget extends Pick<Connection, 'host' | 'port' | 'database'> {
  environment?: Connection['environment'];
  /** Its server, however it is called: see `readServerIdentity`. */
  serverIdentity?: string | null;
}

/**
 * A scratch database made by CREATE DATABASE from template0, dropped by dispose. Refuses, with
 * `no-shadow`, a connection labelled production and the very database the migrations are for.
 */
export async function openServerShadow(options: ServerShadowOptions): Promise<Shadow> {
  refuseDangerous(options);
  const maintenance = await openSession(options.maintenance, options.password, {
    applicationName: 'switchback shadow',
    signal: options.signal,
  });
  try {
    if (options.kind === 'server') {
      await refuseSameServer(options, maintenance);
      await sweepScratchDatabases(maintenance, options.log);
    }
    return await newShadow(options, maintenance);
  } catch (error) {
    if (!maintenance.lost.aborted) await maintenance.close();
    throw error;
  }
}

function refuseDangerous(options: ServerShadowOptions): void {
  const { maintenance, target } = options;
  if (maintenance.environment === 'production') {
    throw new SwitchbackError(
      'no-shadow',
      t(
        '"{0}" is labelled production: no shadow database is made there. Name another server, or choose a local PostgreSQL.',
        maintenance.name,
      ),
    );
  }
  if (target && target.host === maintenance.host && target.port === maintenance.port)
    refuseTarget(target, maintenance);
}

/** The same server may be called by several names, or lie behind a pooler. */
async function refuseSameServer(
  { maintenance, target }: ServerShadowOptions,
  session: Session,
): Promise<void> {
  if (!target?.serverIdentity) return;
  if ((await readServerIdentity(session)) === target.serverIdentity) refuseTarget(target, maintenance);
}

function refuseTarget(target: ShadowTarget, maintenance: Connection): void {
  if (target.environment === 'production') {
    throw new SwitchbackError(
      'no-shadow',
      t(
        'The server of "{0}" is the production server: no shadow database is made there. Name another server, or choose a local PostgreSQL.',
        maintenance.database,
      ),
    );
  }
  if (target.database === maintenance.database) {
    throw new SwitchbackError(
      'no-shadow',
      t(
        '"{0}" is the database the migrations are for: it is not used as a shadow. Name another database of a test server.',
        target.database,
      ),
    );
  }
}

/** A scratch database that cannot be finished is not left behind. */
async function newShadow(options: ServerShadowOptions, maintenance: Session): Promise<Shadow> {
  const shadow = new ServerShadow(options, maintenance);
  const face = shadow.face();
  try {
    await shadow.create();
    return face;
  } catch (error) {
    await face.dispose();
    throw error;
  }
}

class ServerShadow {
  readonly #options: ServerShadowOptions;
  readonly #maintenance: Session;
  #database = '';
  #roles: string[] = [];
  /** Nobody had a session on the database it has now. */
  #untouched = true;
  #isFirst = true;
  #disposed = false;

  constructor(options: ServerShadowOptions, maintenance: Session) {
    this.#options = options;
    this.#maintenance = maintenance;
  }

  face(): Shadow {
    return {
      kind: this.#options.kind,
      engine: 'postgres',
      version: this.#maintenance.facts.version,
      label: t(
        'the shadow database on {0}',
        `${this.#options.maintenance.host}:${this.#options.maintenance.port}`,
      ),
      open: (options) => this.#open(options),
      reach: () => {
        this.#untouched = false;
        return {
          connection: { ...this.#options.maintenance, database: this.#database },
          password: this.#options.password,
        };
      },
      reset: (signal) => this.#reset(signal),
      kept: null,
      dispose: () => this.#dispose(),
    };
  }

  async create(): Promise<void> {
    if (this.#roles.length === 0) this.#roles = await this.#readRoles();
    const name = this.#options.databaseName ?? scratchName();
    if (this.#options.takesPostgres && this.#isFirst) await this.#takePostgres(name);
    else await this.#createEmpty(name);
    this.#isFirst = false;
    this.#database = name;
    this.#untouched = true;
    const owner = JSON.stringify({ host: os.hostname(), pid: process.pid });
    await this.#maintenance.query(
      `COMMENT ON DATABASE ${quoteIdentifier(name)} IS ${quoteLiteral(`switchback shadow ${owner}`)}`,
    );
  }

  async #takePostgres(name: string): Promise<void> {
    if (name === 'postgres') return;
    await this.#maintenance.query(`ALTER DATABASE postgres RENAME TO ${quoteIdentifier(name)}`);
  }

  async #createEmpty(name: string): Promise<void> {
    await this.#maintenance
      .query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`)
      .catch((error: unknown) => {
        throw mayNotCreate(error, this.#options.maintenance);
      });
  }

  async #open(options: { applicationName?: string; signal?: AbortSignal } = {}): Promise<Session> {
    if (this.#disposed)
      throw new SwitchbackError('no-shadow', t('The shadow database was closed. Start the rehearsal again.'));
    this.#untouched = false;
    const limit = `-c statement_timeout=${this.#options.limitMilliseconds}`;
    const connection: Connection = {
      ...this.#options.maintenance,
      database: this.#database,
      options: [this.#options.maintenance.options, limit].filter(Boolean).join(' '),
    };
    return await sessionFactory(connection, async () => this.#options.password).open(options);
  }

  async #reset(signal?: AbortSignal): Promise<Session> {
    if (!this.#untouched) {
      await this.#drop();
      await this.create();
    }
    return await this.#open({ signal });
  }

  async #dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    try {
      await this.#drop();
      // One whose CREATE DATABASE went on after its process was killed may be there only now.
      if (this.#options.kind === 'server') await sweepScratchDatabases(this.#maintenance, this.#options.log);
    } finally {
      await this.#maintenance.close();
    }
  }

  async #drop(): Promise<void> {
    if (this.#database === '') return;
    await dropDatabase(this.#maintenance, this.#database);
    this.#database = '';
    if (this.#options.kind === 'local') await this.#dropNewRoles();
  }

  /** A role that granted another's membership can go only after it: as many rounds as there are roles. */
  async #dropNewRoles(): Promise<void> {
    for (let left = await this.#newRoles(); left.length > 0;) {
      let failure: unknown;
      for (const role of left) {
        await this.#maintenance
          .query(`DROP ROLE ${quoteIdentifier(role)}`)
          .catch((error: unknown) => (failure = error));
      }
      const after = await this.#newRoles();
      if (after.length === left.length) throw failure;
      left = after;
    }
  }

  async #newRoles(): Promise<string[]> {
    return (await this.#readRoles()).filter((name) => !this.#roles.includes(name));
  }

  async #readRoles(): Promise<string[]> {
    const { rows } = await this.#maintenance.query<{ name: string }>(
      'SELECT rolname::text AS name FROM pg_roles',
    );
    return rows.map((row) => row.name);
  }
}

function mayNotCreate(error: unknown, maintenance: Connection): unknown {
  if (!isSwitchbackError(error, 'no-privilege')) return error;
  return new SwitchbackError(
    'no-shadow',
    t(
      '"{0}" may not create databases on {1}. Grant it CREATEDB, or choose a local PostgreSQL as the shadow database.',
      maintenance.user,
      maintenance.host,
    ),
    { cause: error },
  );
}
