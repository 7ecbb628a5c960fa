import { createHash } from 'node:crypto';
import path from 'node:path';
import { loadRates, saveRate } from '../database/evidence-store';
import type { Rate } from '../database/run-record';
import { schemaState } from '../database/switchback-schema';
import { isSwitchbackError } from '../messages/error';
import type { Files } from '../ports/files';
import { workRatesOf, type WorkRates } from '../safety/forecast/work-rates';
import type { Database } from './database';
import type { JourneyContext } from './workspace';

/**
 * How fast this server works, as far as it was measured; null where it never was. From the schema `switchback`, else from
 * the cache folder. Reads only.
 */
export async function readWorkRates(context: JourneyContext, database: Database): Promise<WorkRates | null> {
  const kept = (await keepsInDatabase(database)) ? await loadRates(database.session) : [];
  const cached = await readCached(context.files, cacheFile(context, database));
  return workRatesOf([...cached, ...kept]);
}

/** Keeps measured speeds: in the schema `switchback` where it is there, else in the cache folder. */
export async function storeWorkRates(
  context: JourneyContext,
  database: Database,
  rates: readonly Omit<Rate, 'measuredAt'>[],
): Promise<void> {
  if (await keepsInDatabase(database)) {
    await database.session.transaction(async () => {
      for (const rate of rates) await saveRate(database.session, rate);
    });
    return;
  }
  const measuredAt = context.clock.now().toISOString();
  const text = JSON.stringify(
    rates.map((rate) => ({ ...rate, measuredAt })),
    null,
    2,
  );
  await context.files.write(cacheFile(context, database), `${text}\n`);
}

async function keepsInDatabase({ session }: Database): Promise<boolean> {
  const state = await schemaState(session);
  return state.kind !== 'absent' && state.usable;
}

/** One file for each server: its speed is that of all its databases, and no name stands in the file's. */
function cacheFile(context: JourneyContext, { connection }: Database): string {
  const identity = createHash('sha256').update(
    JSON.stringify([connection.host, connection.port, connection.database]),
  );
  return path.join(context.workspace.assets.cache, 'rates', `${identity.digest('hex').slice(0, 32)}.json`);
}

/** A cache that cannot be read is as good as none. */
async function readCached(files: Files, file: string): Promise<Rate[]> {
  try {
    const text = await files.readIfExists(file);
    const value: unknown = text === null ? [] : JSON.parse(text);
    return Array.isArray(value) ? value.filter(isRate) : [];
  } catch (error) {
    if (error instanceof SyntaxError || isSwitchbackError(error, 'invalid-file')) return [];
    throw error;
  }
}

function isRate(value: unknown): value is Rate {
  const rate = value as Partial<Rate> | null;
  const isSpeed = (speed: unknown): boolean => speed === null || (typeof speed === 'number' && speed > 0);
  return (
    typeof rate?.kind === 'string' &&
    typeof rate.measuredAt === 'string' &&
    isSpeed(rate.bytesPerSecond) &&
    isSpeed(rate.rowsPerSecond)
  );
}
