import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';

/** A version of the application: what it writes and which column it reads. */
export type Fleet = 'old' | 'both, reads old' | 'both, reads new' | 'new';

export interface Write {
  /** Which of the versions that run at that moment does it: counted round. */
  by: number;
  does: 'insert' | 'update' | 'delete';
  id: number;
  value: string;
}

/** Applications of several versions on one table, and what each row's value must be for all of them. */
export class Fleets {
  readonly values = new Map<number, string>();

  constructor(
    private readonly session: Session,
    private readonly table: string,
    private readonly columns: { old: string; new: string },
  ) {}

  /** Every write that the rules of the table allow must be taken: no two rows with the same value. */
  async write(running: readonly Fleet[], writes: readonly Write[]): Promise<void> {
    for (const write of writes) await this.one(running[write.by % running.length]!, write);
  }

  /** What each version reads is what was written last, by whichever. */
  async assertRead(running: readonly Fleet[], when: string): Promise<void> {
    const wanted = [...this.values].sort(([left], [right]) => left - right);
    for (const fleet of running) {
      const column = fleet === 'old' || fleet === 'both, reads old' ? this.columns.old : this.columns.new;
      const { rows } = await this.session.query<{ id: number; value: string }>(
        `SELECT id, ${column} AS value FROM ${this.table} ORDER BY id`,
      );
      assert.deepEqual(
        rows.map((row) => [row.id, row.value]),
        wanted,
        `${fleet}, ${when}`,
      );
    }
  }

  private async one(fleet: Fleet, { does, id, value }: Write): Promise<void> {
    const columns = this.written(fleet);
    const taken = [...this.values].some(([other, text]) => text === value && other !== id);
    if (does === 'delete') {
      await this.session.query(`DELETE FROM ${this.table} WHERE id = $1`, [id]);
      this.values.delete(id);
      return;
    }
    if (taken || (does === 'insert') === this.values.has(id)) return;
    if (does === 'insert') {
      await this.session.query(
        `INSERT INTO ${this.table} (id, ${columns.join(', ')}) VALUES ($1, ${columns.map(() => '$2').join(', ')})`,
        [id, value],
      );
    } else {
      const set = columns.map((column) => `${column} = $2`).join(', ');
      await this.session.query(`UPDATE ${this.table} SET ${set} WHERE id = $1`, [id, value]);
    }
    this.values.set(id, value);
  }

  private written(fleet: Fleet): string[] {
    switch (fleet) {
      case 'old':
        return [this.columns.old];
      case 'both, reads old':
      case 'both, reads new':
        return [this.columns.old, this.columns.new];
      case 'new':
        return [this.columns.new];
    }
  }
}
