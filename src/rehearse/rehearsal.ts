import type { Difference } from '../catalog/compare';
import type { CopiedData } from './copy/data-copy';
import type { MeasuredStatement } from './measure/measured-forecast';
import type { ShadowKind } from '../shadow/shadow';

/** The first that applies is the verdict. */
export const verdicts = [
  'up-fails',
  'times-out',
  'leaves-transaction-open',
  'no-down',
  'empty-down',
  'down-fails',
  'irreversible',
  'differs',
  're-up-fails',
  're-up-differs',
  'text-only',
  'order-only',
  'exact',
] as const;
export type Verdict = (typeof verdicts)[number];

/** Up, down, up again in the shadow database, the catalog compared each time. */
export interface Rehearsal {
  migrations: MigrationRehearsal[];
  shadow: { kind: ShadowKind; engine: 'pglite' | 'postgres'; version: string };
  /** The database whose schema it started from, with what of that the shadow has not; absent where history was replayed. */
  base?: { database: string; notes: string[] };
  /** The rows that were in the shadow; absent where there were none of a database's. */
  data?: CopiedData;
}

export interface MigrationRehearsal {
  version: string;
  name: string;
  path: string;
  up: 'ok' | 'error';
  down: 'ok' | 'error' | 'none';
  reUp: 'ok' | 'error' | 'differs' | 'none';
  verdict: Verdict;
  differences: Difference[];
  error: string | null;
  dataLost: { object: string; kind: 'rows' | 'column' | 'values'; rows: number }[];
  notes: string[];
  milliseconds: number;
  /** Of both directions, what each statement does, positions being those of its file; absent where it was not measured. */
  statements?: MeasuredStatement[];
  /** The statement that `error` is about: where it begins in the script of that direction, a UTF-16 offset. */
  failedAt?: { direction: 'up' | 'down'; offset: number };
}

/** Whether the rollback may be called one. */
export function isProven(verdict: Verdict): boolean {
  return verdict === 'exact' || verdict === 'order-only' || verdict === 'text-only';
}
