import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import os from 'node:os';
import { openSession, sessionFactory } from '../database/connect';
import type { Connection } from '../database/connection';
import { readServerIdentity } from '../database/server-identity';
import type { Session } from '../database/session';
import { errorText, isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { quoteIdentifier, quoteLiteral } from '../sql/identifier';
import { processLives } from '../ports/process-lives';
import type { Shadow } from './shadow';

export interface ServerShadowOptions {
  /** `local`: a server of our own, whose roles are reset too. */
  kind: 'local' | 'server';
  /** Any database of the server, from which the scratch database is created. */
  maintenance: Connection;
  password: string | null;
  target?: ShadowTarget;
  databaseName?: string;
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

const prefix = 'switchback_shadow_';
/** A scratch database of another machine is left alone for a day. */
const foreignMilliseconds = 24 * 60 * 60 * 1000;

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
      reach: () => ({
        connection: { ...this.#options.maintenance, database: this.#database },
        password: this.#options.password,
      }),
      reset: (signal) => this.#reset(signal),
      kept: null,
      dispose: () => this.#dispose(),
    };
  }

  async create(): Promise<void> {
    if (this.#roles.length === 0) this.#roles = await this.#readRoles();
    const name = this.#options.databaseName ?? scratchName();
    await this.#maintenance
      .query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`)
      .catch((error: unknown) => {
        throw mayNotCreate(error, this.#options.maintenance);
      });
    this.#database = name;
    const owner = JSON.stringify({ host: os.hostname(), pid: process.pid });
    await this.#maintenance.query(
      `COMMENT ON DATABASE ${quoteIdentifier(name)} IS ${quoteLiteral(`switchback shadow ${owner}`)}`,
    );
  }

  async #open(options: { applicationName?: string; signal?: AbortSignal } = {}): Promise<Session> {
    if (this.#disposed)
      throw new SwitchbackError('no-shadow', t('The shadow database was closed. Start the rehearsal again.'));
    const limit = `-c statement_timeout=${this.#options.limitMilliseconds}`;
    const connection: Connection = {
      ...this.#options.maintenance,
      database: this.#database,
      options: [this.#options.maintenance.options, limit].filter(Boolean).join(' '),
    };
    return await sessionFactory(connection, async () => this.#options.password).open(options);
  }

  async #reset(signal?: AbortSignal): Promise<Session> {
    await this.#drop();
    await this.create();
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

/** Sessions that are still open there are ended first. */
async function dropDatabase(maintenance: Session, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await maintenance.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = current_user AND pid <> pg_backend_pid()',
      [name],
    );
    try {
      await maintenance.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
      return;
    } catch (error) {
      const inUse = isSwitchbackError(error) && error.details['sqlstate'] === '55006';
      if (!inUse || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/**
 * Its name says when and by which process it was made: one that was killed right after had no time to note more. 59 bytes
 * at most of the 63 that PostgreSQL keeps.
 */
function scratchName(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(36);
  const random = randomBytes(4).toString('hex');
  return `${prefix}${seconds}_${random}_${processSpace()}_${process.pid.toString(36)}`;
}

/** Tells the machine and, for containers that are called the same, the space in which process ids mean something. */
function processSpace(): string {
  let space = '';
  try {
    space = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Other systems have one space.
  }
  return createHash('sha256').update(`${os.hostname()}\n${space}`).digest('hex').slice(0, 8);
}

/** Drops scratch databases whose process is gone; where that is not certain, only when nobody is connected to them. */
async function sweepScratchDatabases(
  maintenance: Session,
  log: (line: string) => void = () => undefined,
): Promise<void> {
  const { rows } = await maintenance.query<ScratchDatabase>(
    `SELECT datname::text AS name, shobj_description(oid, 'pg_database') AS comment,
            EXISTS (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datid = pg_database.oid) AS "isUsed"
       FROM pg_database WHERE datname ~ $1 AND pg_has_role(datdba, 'USAGE')`,
    [`^${prefix}[a-z0-9]+_[0-9a-f]{8}(_[0-9a-f]{8}_[a-z0-9]+)?$`],
  );
  for (const { name, comment } of rows.filter(isLeftover)) {
    try {
      await dropDatabase(maintenance, name);
      log(
        `Dropped the shadow database ${name}, left over by a process that is gone (${comment ?? 'no owner noted'}).`,
      );
    } catch (error) {
      log(`Could not drop the left-over shadow database ${name}: ${errorText(error)}`);
    }
  }
}

interface ScratchDatabase {
  name: string;
  comment: string | null;
  isUsed: boolean;
}

/** The statement that a killed process was waiting for goes on without it. */
function isLeftover({ name, comment, isUsed }: ScratchDatabase): boolean {
  const [seconds = '', , space, maker] = name.slice(prefix.length).split('_');
  if (space === processSpace() && maker !== undefined) {
    if (!processLives(Number.parseInt(maker, 36))) return true;
  }
  if (isUsed) return false;
  if (Date.now() - Number.parseInt(seconds, 36) * 1000 > foreignMilliseconds) return true;
  const owner = /^switchback shadow (\{.*\})$/.exec(comment ?? '')?.[1];
  if (owner === undefined) return false;
  const { host, pid } = JSON.parse(owner) as { host: string; pid: number };
  return host === os.hostname() && !processLives(pid);
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
