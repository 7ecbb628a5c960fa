import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';

/** Waits until a query gives a row. */
export async function eventually(session: Session, sql: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if ((await session.query(sql)).rowCount > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`never true: ${sql}`);
}
