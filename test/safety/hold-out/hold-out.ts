import { readFileSync } from 'node:fs';
import path from 'node:path';
import { holdsOthersForItsWork } from '../../../src/safety/forecast/effects';
import { lockModes, type Forecast } from '../../../src/safety/forecast';
import type { Statement } from '../../../src/sql/statement';
import { asKind } from '../../../src/sql/tree';
import type { Measured } from './measure-statement';

/** The text of a file beside this one. */
export function readText(name: string): string {
  return readFileSync(path.join(__dirname, name), 'utf8');
}

export interface Case {
  /** Run and committed first. */
  setup: string[];
  sql: string;
}

/** One statement per line; what stands before ` ;; ` comes first. */
export function readCases(name: string): Case[] {
  return readText(name)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('--'))
    .map((line) => {
      const parts = line.split(' ;; ');
      return { setup: parts.slice(0, -1), sql: parts.at(-1)! };
    });
}

const unscored = new Set(
  'RenameStmt AlterObjectSchemaStmt TruncateStmt UpdateStmt DeleteStmt LockStmt GrantStmt AlterOwnerStmt VacuumStmt'.split(
    ' ',
  ),
);

/** Whether the danger of a statement is that of waiting for its work; renames, drops and the like have others. */
export function isScored(statement: Statement): boolean {
  const drop = asKind(statement.node, 'DropStmt');
  if (drop) return drop.removeType === 'OBJECT_INDEX';
  const command = asKind(asKind(statement.node, 'AlterTableStmt')?.cmds?.[0], 'AlterTableCmd')?.subtype ?? '';
  return !unscored.has(statement.kind) && !/^AT_(Drop(Column|Constraint|NotNull)|ChangeOwner)$/.test(command);
}

/** Whether others wait for as long as the table is big: as lock-truth defines danger. */
export function isDangerous(measured: Measured): boolean {
  const strong = [...measured.locks.values()].some(
    (mode) => lockModes.indexOf(mode) >= lockModes.indexOf('ShareLock'),
  );
  return strong && (measured.scans.length > 0 || measured.rebuiltIndex);
}

export interface Score {
  dangerous: number;
  harmless: number;
  missed: string[];
  alarmed: string[];
}

/** Adds one comparison to a score. */
export function addToScore(score: Score, sql: string, measured: Measured, forecast: Forecast): void {
  const alarm = holdsOthersForItsWork(forecast);
  if (isDangerous(measured)) {
    score.dangerous += 1;
    if (!alarm) score.missed.push(sql);
  } else {
    score.harmless += 1;
    if (alarm) score.alarmed.push(sql);
  }
}

export interface Agreement {
  right: number;
  wrong: string[];
}

/** Compares the strongest lock of each relation, indexes among them. */
export function addLocks(
  agreement: Agreement,
  sql: string,
  measured: Measured,
  forecast: Forecast,
  there: ReadonlySet<string>,
): void {
  const forecasted = new Map(
    [...forecast.locks, ...forecast.indexLocks]
      .filter((lock) => there.has(lock.relation))
      .map((lock) => [lock.relation, lock.mode as string]),
  );
  for (const relation of new Set([...measured.locks.keys(), ...forecasted.keys()])) {
    // Locks of statements in transactions of their own are polled for, and one that is held briefly may go unseen.
    if (!forecast.transactional && !measured.locks.has(relation)) continue;
    if (measured.locks.get(relation) === forecasted.get(relation)) agreement.right += 1;
    else
      agreement.wrong.push(
        `${sql} | ${relation}: ${forecasted.get(relation)} (measured ${measured.locks.get(relation)})`,
      );
  }
}

/** Statements whose reads depend on their rows and on the plan. */
const dataStatements = /^\s*(select|insert|update|delete|merge|with|explain|table|copy|truncate)\b/i;

/** Compares which relations are written anew, and which are read, by statements that change the schema. */
export function addWorks(agreement: Agreement, sql: string, measured: Measured, forecast: Forecast): void {
  // What runs CONCURRENTLY or in several transactions reads in workers and is counted later.
  if (dataStatements.test(sql) || !forecast.transactional) return;
  const of = (...kinds: string[]): string[] =>
    forecast.works
      .filter((work) => kinds.includes(work.kind))
      .map((work) => work.relation)
      .sort();
  const pairs = [
    ['rewrites', of('rewrite'), measured.rewrites],
    ['reads', of('scan', 'index-build', 'rewrite'), measured.scans],
  ] as const;
  for (const [what, forecasted, found] of pairs) {
    if (forecasted.join() === found.join()) agreement.right += 1;
    else agreement.wrong.push(`${sql} | ${what}: ${forecasted.join()} (measured ${found.join()})`);
  }
}
