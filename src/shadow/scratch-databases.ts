import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import os from 'node:os';
import type { Session } from '../database/session';
import { errorText, isSwitchbackError } from '../messages/error';
import { processLives } from '../ports/process-lives';
import { quoteIdentifier } from '../sql/identifier';

const prefix = 'switchback_shadow_';
/** A scratch database of another machine is left alone for a day. */
const foreignMilliseconds = 24 * 60 * 60 * 1000;

/** Sessions that are still open there are ended first. */
export async function dropDatabase(maintenance: Session, name: string): Promise<void> {
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
export function scratchName(): string {
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
export async function sweepScratchDatabases(
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
