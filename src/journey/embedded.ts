import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from '../database/connection';
import { sessionFactory } from '../database/connect';
import type { Secret } from './database';
import { t } from '../messages/translate';
import { startLocalServer } from '../shadow/local-server';
import { releaseFolder, takeFolder } from '../shadow/owner-file';
import { startPgliteProcess } from '../shadow/pglite-process';
import { openPgliteSession } from '../shadow/pglite-session';
import { findPostgresBinaries, type PostgresBinaries } from '../shadow/postgres-binaries';
import { shareSession } from '../shadow/shared-session';
import type { EmbeddedDatabase } from './outcomes';
import type { JourneyContext } from './workspace';

/**
 * A database with no installation: a real PostgreSQL where its programs are on the machine or came from npm,
 * PGlite in a child process otherwise, with its limits. `folder` keeps the data. Throws `locked-by-other`
 * when another window uses it, `no-shadow` when nothing can be started.
 */
export async function openEmbeddedDatabase(
  context: JourneyContext,
  options: { folder: string; engine?: 'postgres' | 'pglite' },
): Promise<EmbeddedDatabase> {
  const { assets, root } = context.workspace;
  const found =
    options.engine === 'pglite' ? [] : await findPostgresBinaries({ packageFolders: [root, assets.dist] });
  const binaries = await matchingBinaries(found, path.join(options.folder, 'postgres'));
  return binaries ? openServer(context, binaries, options.folder) : openPglite(context, options.folder);
}

/** Data that exists needs its own major version; without data the newest serves. */
async function matchingBinaries(found: PostgresBinaries[], folder: string): Promise<PostgresBinaries | null> {
  const made = Number(
    (await readFile(path.join(folder, 'data', 'PG_VERSION'), 'utf8').catch(() => '')).trim(),
  );
  const newestFirst = [...found].sort((a, b) => b.major - a.major);
  return (made ? newestFirst.find((item) => item.major === made) : newestFirst[0]) ?? null;
}

async function openServer(
  context: JourneyContext,
  binaries: PostgresBinaries,
  folder: string,
): Promise<EmbeddedDatabase> {
  context.progress.report({ message: t('Starting PostgreSQL {0}', binaries.version) });
  const server = await startLocalServer({
    binaries,
    persistentFolder: path.join(folder, 'postgres'),
    signal: context.signal,
  });
  try {
    const connection: Connection = { ...server.connection(), id: 'embedded', name: t('Embedded PostgreSQL') };

    const secret: Secret = async () => server.password;
    const sessions = sessionFactory(connection, secret);
    const session = await sessions.open({ signal: context.signal });
    const database = { connection, sessions, session, secret, close: () => session.close() };
    return {
      database,
      engine: 'postgres',
      version: session.facts.version,
      limits: [],
      dispose: async () => {
        await session.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function openPglite(context: JourneyContext, parent: string): Promise<EmbeddedDatabase> {
  const { assets } = context.workspace;
  const folder = path.join(parent, 'pglite');
  context.progress.report({ message: t('Starting the embedded database') });
  await mkdir(folder, { recursive: true });
  await takeFolder(folder);
  const process = await startPgliteProcess(
    { distFolder: assets.dist },
    { dataFolder: path.join(folder, 'data'), signal: context.signal },
  ).catch(async (error: unknown) => {
    await releaseFolder(folder);
    throw error;
  });
  const dispose = async (): Promise<void> => {
    await process.kill();
    await releaseFolder(folder);
  };
  try {
    const session = await openPgliteSession(process, 0);
    const sessions = shareSession(session, t('the embedded database'));
    const shared = await sessions.open();
    return {
      database: {
        connection: pgliteConnection(session.facts.database),
        sessions,
        session: shared,
        secret: async () => null,
        close: dispose,
      },
      engine: 'pglite',
      version: session.facts.version,
      limits: [
        t('One session only: nothing runs beside a migration.'),
        t('Locks and lock time-outs cannot be tried here; timings say nothing about a real server.'),
        t('Statement time-outs are ignored; a statement that hangs is stopped by ending the database.'),
      ],
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function pgliteConnection(database: string): Connection {
  return {
    id: 'embedded',
    name: t('Embedded Database'),
    environment: 'development',
    kind: 'embedded',
    host: '',
    port: 0,
    database,
    user: 'postgres',
    sslmode: 'disable',
  };
}
