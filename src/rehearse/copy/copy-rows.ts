import { randomBytes } from 'node:crypto';
import type { Session } from '../../database/session';
import { readCopyTables, type CopyTable } from './copy-facts';
import {
  copyOnce,
  sameTexts,
  setSequences,
  sourceLimits,
  withoutLeft,
  type KeptRows,
  type RowCopyRequest,
} from './copy-once';
import type { CopiedData } from './data-copy';
import { plannedMasking, rulesOfNothing } from './masking-plan';
import { openForRows } from './open-for-rows';
import { refreshViews } from './refresh-views';
import { withoutValues } from './without-values';
import { writeRows } from './write-rows';

/**
 * The rows of a database as a shadow database gets them, once and again: masked in the very SELECT that reads them, so that nothing
 * else leaves the source, from one snapshot that cannot write.
 */
export class RowCopy {
  readonly #request: RowCopyRequest;
  /** Made for this copy, and gone with it. */
  readonly #key = randomBytes(32).toString('hex');
  #copied: CopiedData | null = null;
  #kept: KeptRows | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(request: RowCopyRequest) {
    this.#request = request;
  }

  /** What was copied; null until then. */
  get copied(): CopiedData | null {
    return this.#copied;
  }

  /**
   * Fills the tables of a shadow database that has the schema and no rows. Throws `invalid-input` for a masking rule that does not
   * fit, `gate-not-held` where production has columns without one, `verification-failed` for a copy that is not complete.
   */
  fill(shadow: Session, signal: AbortSignal): Promise<void> {
    // One reading serves all.
    const filled = this.#last.then(() => this.#fill(shadow, signal));
    this.#last = filled.catch(() => undefined);
    return filled;
  }

  async #fill(shadow: Session, signal: AbortSignal): Promise<void> {
    for (const setting of sameTexts) await shadow.script(`set ${setting}`);
    // On a server of the user's its own limits are meant for migrations.
    await shadow.script('set statement_timeout = 0');
    const tables = withoutLeft(await readCopyTables(shadow, signal), this.#request.left);
    if (this.#kept) return await fillAgain(shadow, tables, this.#kept, signal);
    const source = await this.#request.source.open({ applicationName: 'switchback copy', signal });
    try {
      const { label } = this.#request.source;
      const request = { ...this.#request, label, source, shadow, tables, key: this.#key, signal };
      const { copied, kept } = await copyOnce(request).catch((error: unknown) => {
        throw withoutValues(error);
      });
      this.#copied ??= copied;
      this.#kept = kept;
    } finally {
      if (!source.lost.aborted) await source.close();
    }
  }
}

/**
 * Whether rows could be copied as the rules say, told before there is a shadow database: reads the schema only. Gives the rules that
 * name no column there, which are left aside, and the bytes of all tables with their indexes. Throws as `RowCopy.fill` does.
 */
export async function inspectCopy(
  session: Session,
  { rules, isProduction, signal }: Pick<RowCopyRequest, 'rules' | 'isProduction'> & { signal: AbortSignal },
): Promise<{ ofNothing: string[]; bytes: number }> {
  return session.transaction(
    async () => {
      await session.script('set local search_path = pg_catalog');
      const tables = await readCopyTables(session, signal);
      const ofNothing = rulesOfNothing(tables, rules);
      const others = Object.entries(rules).filter(([written]) => !ofNothing.includes(written));
      plannedMasking(tables, Object.fromEntries(others), isProduction);
      const { rows } = await session.query<{ bytes: number }>(
        'select coalesce(sum(pg_total_relation_size(oid)), 0)::float8 as bytes from unnest($1::oid[]) as oid',
        [tables.map(({ oid }) => oid)],
        { signal },
      );
      return { ofNothing, bytes: rows[0]!.bytes };
    },
    { ...sourceLimits, signal },
  );
}

/** The same rows as before; they were seen to be whole. */
async function fillAgain(
  shadow: Session,
  tables: readonly CopyTable[],
  { batches, sequences }: KeptRows,
  signal: AbortSignal,
): Promise<void> {
  const back = await openForRows(shadow, tables);
  const byRelation = new Map(tables.map((table) => [table.relation, table]));
  for (const { relation, columns, batch } of batches) {
    const table = byRelation.get(relation)!;
    await writeRows(
      shadow,
      {
        relation,
        columns: columns.flatMap((name) => table.columns.find((column) => column.name === name) ?? []),
      },
      batch,
      signal,
    ).catch((error: unknown) => {
      throw withoutValues(error);
    });
  }
  await setSequences(shadow, sequences);
  await back();
  await refreshViews(shadow, signal);
  await shadow.script('analyze', { signal });
}
