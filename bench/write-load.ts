import { openSession } from '../src/database/connect';
import type { Session } from '../src/database/session';
import { errorText } from '../src/messages/error';
import type { TestDatabase } from '../test/support/servers';

export interface LoadResult {
  statements: number;
  failures: string[];
  /** ms from when a statement was due to its answer. */
  latencies: number[];
  /** The last acknowledged value of each row that was written. */
  written: Map<number, string>;
}

/** A stream of writes at a steady rate, as applications would send them while a column is renamed. */
export interface WriteLoad {
  /** From now on half of the writers use the new name. */
  useNewName(): void;
  stop(): Promise<LoadResult>;
}

const lanes = 20;

/**
 * Sends `perSecond` statements a second, open loop: reads, updates of the old or new name, and inserts. Each row
 * belongs to one lane, so that its last acknowledged write is known.
 */
export async function startWriteLoad(
  database: TestDatabase,
  perSecond: number,
  customers: number,
): Promise<WriteLoad> {
  const result: LoadResult = { statements: 0, failures: [], latencies: [], written: new Map() };
  const sessions = await Promise.all(
    Array.from({ length: lanes }, () =>
      openSession(database.connection, database.password, { applicationName: 'load' }),
    ),
  );
  const tails = sessions.map(() => Promise.resolve());
  let newName = false;
  let count = 0;
  const started = performance.now();
  const send = (): void => {
    const due = Math.floor(((performance.now() - started) * perSecond) / 1000);
    for (; count < due; count++) {
      const number = count;
      const lane = number % lanes;
      const at = performance.now();
      tails[lane] = tails[lane]!.then(() =>
        one(sessions[lane]!, lane, number, newName, customers, result, at),
      );
    }
  };
  const timer = setInterval(send, 5);
  return {
    useNewName: () => {
      newName = true;
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(tails);
      await Promise.all(sessions.map((session) => session.close()));
      return result;
    },
  };
}

async function one(
  session: Session,
  lane: number,
  number: number,
  newName: boolean,
  customers: number,
  result: LoadResult,
  due: number,
): Promise<void> {
  const id = Math.floor((Math.random() * customers) / lanes) * lanes + lane + 1;
  const value = `customer ${id} as of ${number}`;
  const column = newName && Math.random() < 0.5 ? 'full_name' : 'name';
  const chance = Math.random();
  try {
    if (chance < 0.3) {
      await session.query('select id, name, email from customers where id = $1', [id]);
    } else if (chance < 0.9) {
      const { rowCount } = await session.query(`update customers set ${column} = $2 where id = $1`, [
        id,
        value,
      ]);
      if (rowCount === 1) result.written.set(id, value);
    } else {
      const { rows } = await session.query<{ id: string }>(
        `insert into customers (${column}, email) values ($1, $2) returning id`,
        [value, `load-${number}@example.com`],
      );
      result.written.set(Number(rows[0]!.id), value);
    }
  } catch (error) {
    result.failures.push(errorText(error));
  }
  result.statements += 1;
  result.latencies.push(performance.now() - due);
}
