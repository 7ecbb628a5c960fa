import type { Connection } from '../database/connection';
import type { Session } from '../database/session';
import { layoutById } from '../layouts/layouts';
import { errorText, isSwitchbackError } from '../messages/error';
import { openDatabase, type Secret } from './database';
import {
  inReleaseOrder,
  migrationMatrices,
  type MatrixColumn,
  type MigrationMatrix,
} from './migration-matrix';
import { readStatus, type FolderStatus } from './migrations';
import { newStatusMemory, type StatusMemory } from './status-memory';
import type { JourneyContext } from './workspace';

/** A connection to read: opened for that, or by a session that is open already. */
export type MatrixTarget =
  | { kind: 'saved'; connection: Connection; secret: Secret }
  | { kind: 'open'; connection: Pick<Connection, 'name' | 'environment'>; read: ReadFolders };

/** Reads in a session that is open already. */
export type ReadFolders = (work: (session: Session) => Promise<FolderStatus[]>) => Promise<FolderStatus[]>;

/**
 * Every migration of the workspace against every connection, all asked at once, in sessions that can write nothing. One
 * that cannot be read is a column with the reason.
 */
export async function readMatrices(
  context: JourneyContext,
  targets: readonly MatrixTarget[],
): Promise<MigrationMatrix[]> {
  const memory = newStatusMemory();
  // The files first and once: every column then has them.
  const folders = await readStatus(context, null, { memory });
  const columns = await Promise.all(
    inReleaseOrder(targets.map((target) => ({ ...named(target), target }))).map(({ target }) =>
      readColumn(context, target, memory),
    ),
  );
  return migrationMatrices(columns, folders, (id) => {
    const layout = layoutById(id);
    return (a, b) => layout.compare(a, b);
  });
}

function named({
  connection: { name, environment },
}: MatrixTarget): Pick<Connection, 'name' | 'environment'> {
  return { name, environment };
}

async function readColumn(
  context: JourneyContext,
  target: MatrixTarget,
  memory: StatusMemory,
): Promise<MatrixColumn> {
  const { name, environment } = named(target);
  const status = (session: Session): Promise<FolderStatus[]> => readStatus(context, session, { memory });
  try {
    const folders = await (target.kind === 'open'
      ? target.read(status)
      : readOnly(context, target.connection, target.secret, status));
    return { name, environment, answer: { kind: 'read', folders } };
  } catch (error) {
    context.signal.throwIfAborted();
    const sentence = isSwitchbackError(error) ? error.sentence : errorText(error);
    return { name, environment, answer: { kind: 'problem', sentence } };
  }
}

async function readOnly<T>(
  context: JourneyContext,
  connection: Connection,
  secret: Secret,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(connection, secret, context.signal);
  try {
    await database.session.query('set session characteristics as transaction read only');
    return await work(database.session);
  } finally {
    await database.close();
  }
}
