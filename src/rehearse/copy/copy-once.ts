import { randomBytes } from 'node:crypto';
import type { Session, SessionFactory } from '../../database/session';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { Progress } from '../../ports/progress';
import { quoteIdentifier } from '../../sql/identifier';
import { readCopyTables, readSequences, type CopyTable, type SequencePlace } from './copy-facts';
import { nameOf } from './column-name';
import { copyNotes } from './copy-notes';
import type { CopiedData, DataCopy } from './data-copy';
import { plannedMasking, selectedValue, type MaskingPlan } from './masking-plan';
import { ruleWord, type MaskingRules } from './masking-rule';
import { maskingKeySetting } from './masking-sql';
import { openForRows } from './open-for-rows';
import { readRows, type RowBatch } from './read-rows';
import { refreshViews } from './refresh-views';
import { chooseRows, type ChosenRows } from './sample-rows';
import { tryMasking } from './try-masking';
import { verifyReferences } from './verify-references';
import { writeRows, type RowTarget } from './write-rows';

export interface RowCopyRequest {
  source: SessionFactory;
  copy: DataCopy;
  rules: MaskingRules;
  /** The database has the environment production: nothing that looks personal is copied without a rule. */
  isProduction: boolean;
  /** Tables whose rows are left out, as `schema.table` in SQL: the tool's own. */
  left: readonly string[];
  /** As `SampleRequest` has it. */
  sortedBytes?: number;
  /** Rows up to so many bytes stay in memory for a shadow database that is made again; others are read again. 32 MB unless said. */
  keptBytes?: number;
  progress: Progress;
}

const usuallyKeptBytes = 32 * 1024 * 1024;

/** Rows as they were copied, and where the sequences were. */
export interface KeptRows {
  batches: { relation: string; columns: string[]; batch: RowBatch }[];
  sequences: readonly SequencePlace[];
}

/** The source is read in one transaction with one snapshot. */
export const sourceLimits = {
  readOnly: true,
  isolation: 'repeatable read',
  lockTimeoutMilliseconds: 5000,
  statementTimeoutMilliseconds: 10 * 60_000,
} as const;

/** Both sides write and read values alike; what is written in full is read in full. */
export const sameTexts = [
  'search_path = pg_catalog',
  "datestyle = 'ISO, YMD'",
  'intervalstyle = postgres',
  "timezone = 'UTC'",
  'extra_float_digits = 1',
  'bytea_output = hex',
  "lc_monetary = 'C'",
  'xmloption = content',
];

export interface CopyOnceRequest extends Omit<RowCopyRequest, 'source'> {
  source: Session;
  /** How messages name the source. */
  label: string;
  shadow: Session;
  /** Of the shadow database. */
  tables: readonly CopyTable[];
  key: string;
  signal: AbortSignal;
}

/** Reads the source in one transaction and fills the tables of the shadow database. `kept` is null where the rows are too many. */
export async function copyOnce(
  request: CopyOnceRequest,
): Promise<{ copied: CopiedData; kept: KeptRows | null }> {
  const work = new CopyWork(request);
  const { source, signal } = request;
  return work.finish(await source.transaction(() => work.read(), { ...sourceLimits, signal }));
}

interface RowsRead {
  sequences: readonly SequencePlace[];
  /** Puts back what was open for the rows. */
  back: () => Promise<void>;
}

class CopyWork {
  readonly #request: CopyOnceRequest;
  readonly #copied: CopiedData;
  #kept: KeptRows | null = { batches: [], sequences: [] };
  #keptBytes = 0;

  constructor(request: CopyOnceRequest) {
    this.#request = request;
    const { copy, label } = request;
    this.#copied = {
      kind: copy.kind,
      rowsPerTable: copy.kind === 'sample' ? copy.rows : null,
      at: '',
      database: label,
      tables: 0,
      rows: 0,
      addedRows: 0,
      bytes: 0,
      masked: [],
      notes: [],
    };
  }

  /** What needs the source: its transaction holds back the server's cleaning up as long as it lasts. */
  async read(): Promise<RowsRead> {
    const { source, shadow, signal, left, rules, isProduction, tables: shadowTables } = this.#request;
    await this.#prepareSource();
    const all = await readCopyTables(source, signal);
    const plan = plannedMasking(all, rules, isProduction);
    const tables = withoutLeft(all, left);
    assertReadable(tables);
    await setKey(shadow, randomBytes(32).toString('hex'), false);
    await tryMasking(shadow, shadowTables, plan, signal);
    const back = await openForRows(shadow, shadowTables);
    const chosen = await this.#choose(tables);
    await this.#copyTables(tables, plan, chosen);
    const sequences = await readSequences(source, signal);
    this.#copied.masked = maskedOf(plan, tables);
    const { unreadable } = sequences;
    this.#copied.notes = await copyNotes(source, { tables, shadowTables, plan, chosen, unreadable });
    return { sequences: sequences.places, back };
  }

  async finish({ sequences, back }: RowsRead): Promise<{ copied: CopiedData; kept: KeptRows | null }> {
    const { shadow, signal, tables } = this.#request;
    await setSequences(shadow, sequences);
    await shadow.script('analyze', { signal });
    this.#report(t('Checking the foreign keys of the copy'));
    await verifyReferences(shadow, tables, signal);
    await back();
    this.#copied.notes.push(...(await refreshViews(shadow, signal)));
    if (this.#kept) this.#kept.sequences = sequences;
    return { copied: this.#copied, kept: this.#kept };
  }

  async #prepareSource(): Promise<void> {
    const { source } = this.#request;
    for (const setting of sameTexts) await source.script(`set local ${setting}`);
    // It waits while the shadow database writes.
    await source.script("set local idle_in_transaction_session_timeout = '10min'");
    await setKey(source, this.#request.key, true);
    const { rows } = await source.query<{ at: string }>(
      `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
    );
    this.#copied.at = rows[0]!.at;
  }

  async #choose(tables: readonly CopyTable[]): Promise<ChosenRows | null> {
    const { copy, source, signal } = this.#request;
    if (copy.kind === 'full') return null;
    return chooseRows(source, {
      tables,
      rows: copy.rows,
      sortedBytes: this.#request.sortedBytes,
      onChoosing: ({ relation }, index) =>
        this.#report(t('Choosing rows of {0}', relation), (0.2 * index) / tables.length),
      signal,
    });
  }

  async #copyTables(
    tables: readonly CopyTable[],
    plan: MaskingPlan,
    chosen: ChosenRows | null,
  ): Promise<void> {
    const targets = new Map(this.#request.tables.map((table) => [table.relation, table]));
    const roots = rootsOf(tables);
    const relations = new Map(tables.map(({ oid, relation }) => [oid, relation]));
    // What is masked may belong in another partition.
    const targetOf = (table: CopyTable): CopyTable => {
      const root = isMasked(plan, table) ? targets.get(relations.get(roots.get(table.oid)!)!) : undefined;
      return root ?? targets.get(table.relation)!;
    };
    const filled = new Set<string>();
    const holders = tables.filter(({ isPartitioned, relation }) => !isPartitioned && targets.has(relation));
    const weights = holders.map(({ oid, bytes }) => (chosen ? chosen.rows.get(oid)!.length : bytes) + 1);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    let done = 0;
    for (const [index, table] of holders.entries()) {
      const share = (chosen ? 0.2 : 0) + (chosen ? 0.8 : 1) * (done / all);
      this.#report(t('Copying rows of {0}', table.relation), share);
      const rows = await this.#copyTable(table, targetOf(table), plan, chosen?.rows.get(table.oid) ?? null);
      if (rows > 0) filled.add(roots.get(table.oid)!);
      done += weights[index]!;
    }
    this.#copied.tables = filled.size;
    this.#copied.addedRows = chosen?.added ?? 0;
  }

  async #copyTable(
    table: CopyTable,
    target: CopyTable,
    plan: MaskingPlan,
    rows: readonly string[] | null,
  ): Promise<number> {
    const { source, shadow, signal } = this.#request;
    const columns = target.columns.filter(
      ({ name, isGenerated }) =>
        !isGenerated && table.columns.some((column) => column.name === name && !column.isGenerated),
    );
    const values = columns.map(({ name }) =>
      selectedValue(
        plan,
        table,
        table.columns.find((column) => column.name === name)!,
        `t.${quoteIdentifier(name)}`,
      ),
    );
    const into: RowTarget = { relation: target.relation, columns };
    let copied = 0;
    for await (const batch of readRows(source, { relation: table.relation, values, rows, signal })) {
      await writeRows(shadow, into, batch, signal);
      copied += batch.rows;
      this.#copied.rows += batch.rows;
      this.#copied.bytes += batch.bytes;
      this.#keep(into, batch);
    }
    return copied;
  }

  #keep({ relation, columns }: RowTarget, batch: RowBatch): void {
    this.#keptBytes += batch.bytes;
    if (this.#keptBytes > (this.#request.keptBytes ?? usuallyKeptBytes)) this.#kept = null;
    this.#kept?.batches.push({ relation, columns: columns.map(({ name }) => name), batch });
  }

  #report(message: string, share?: number): void {
    this.#request.progress.report({ message, share });
  }
}

async function setKey(session: Session, key: string, isLocal: boolean): Promise<void> {
  await session.query('select set_config($1, $2, $3)', [maskingKeySetting, key, isLocal]);
}

/** Without the tables whose rows stay where they are. */
export function withoutLeft(tables: readonly CopyTable[], left: readonly string[]): CopyTable[] {
  return tables.filter(({ relation }) => !left.includes(relation));
}

function assertReadable(tables: readonly CopyTable[]): void {
  const closed = tables.filter(({ isReadable }) => !isReadable).map(({ relation }) => relation);
  if (closed.length === 0) return;
  throw new SwitchbackError(
    'no-privilege',
    t('The role may not read {0}. Grant it SELECT, or connect as one that may read all.', closed.join(', ')),
  );
}

/** Sets the sequences that are there to where others are. */
export async function setSequences(shadow: Session, places: readonly SequencePlace[]): Promise<void> {
  for (const { sequence, lastValue, isCalled } of places)
    await shadow.query(
      'select setval(s::regclass, $2::bigint, $3) from (select $1::text as s) as q where to_regclass(s) is not null',
      [sequence, lastValue, isCalled],
    );
}

/** The table that each is a part of, by oid. */
function rootsOf(tables: readonly CopyTable[]): Map<string, string> {
  const byOid = new Map(tables.map((table) => [table.oid, table]));
  const rootOf = (table: CopyTable): string => {
    const parent = table.isPartition ? byOid.get(table.parents[0] ?? '') : undefined;
    return parent ? rootOf(parent) : table.oid;
  };
  return new Map(tables.map((table) => [table.oid, rootOf(table)]));
}

function isMasked(plan: MaskingPlan, table: CopyTable): boolean {
  return table.columns.some(({ name }) => (plan.columns.get(nameOf(table, name))?.rule ?? 'keep') !== 'keep');
}

function maskedOf(plan: MaskingPlan, tables: readonly CopyTable[]): CopiedData['masked'] {
  const copied = new Set(tables.filter(({ isPartition }) => !isPartition).map(({ oid }) => oid));
  return [...plan.columns]
    .filter(([, { table, rule }]) => rule !== 'keep' && copied.has(table.oid))
    .map(([column, { rule }]) => ({ column, rule: ruleWord(rule) }));
}
