import { t } from '../../messages/translate';
import { dollarQuoted } from '../../sql/dollar-quoted';
import { acceptInFile } from './accepted-in-file';

/**
 * Statements as one, for a step outside a transaction: tools send its file as one query, and PostgreSQL runs several
 * statements of one query in a transaction. All of them or none take effect, and none waits long for its locks.
 * `accepts`: rules whose findings on them are weighed.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export function allInOne(statements: readonly string[], accepts: readonly string[] = []): string {
  return acceptBrief(accepts, block([brief, ...statements]));
}

/** As one statement that does the first or the others, as the condition is when it runs. */
export function eitherInOne(
  condition: string,
  first: readonly string[],
  others: readonly string[],
  accepts: readonly string[] = [],
): string {
  return acceptBrief(accepts, block([brief, choice(condition, first, others)]));
}

/**
 * As one statement that commits each of them by itself, so that no two of them hold their locks together.
 * https://www.postgresql.org/docs/current/plpgsql-transactions.html
 */
export function oneByOne(statements: readonly string[], accepts: readonly string[] = []): string {
  return acceptCommitted(accepts, block([briefInSession, ...committed(statements), 'RESET lock_timeout']));
}

/** The first or the others, as the condition is when it runs, each committed by itself. */
export function eitherOneByOne(
  condition: string,
  first: readonly string[],
  others: readonly string[],
  accepts: readonly string[] = [],
): string {
  const chosen = choice(condition, committed(first), committed(others));
  return acceptCommitted(accepts, block([briefInSession, chosen, 'RESET lock_timeout']));
}

function acceptBrief(rules: readonly string[], statement: string): string {
  const reason = t('the block waits for a lock for 500 ms at most, and reads no row under it');
  return acceptInFile(['missing-lock-timeout', ...rules], reason, [statement])[0]!;
}

function acceptCommitted(rules: readonly string[], statement: string): string {
  const reason = t('each statement is committed by itself, and waits for a lock for 500 ms at most');
  return acceptInFile(['missing-lock-timeout', ...rules], reason, [statement])[0]!;
}

const brief = "SET LOCAL lock_timeout = '500ms'";
/** A COMMIT would end a local one. */
const briefInSession = "SET lock_timeout = '500ms'";

function committed(statements: readonly string[]): string[] {
  return statements.flatMap((statement) => [statement, 'COMMIT']);
}

function choice(condition: string, first: readonly string[], others: readonly string[]): string {
  return `IF ${condition} THEN\n${lines(first)}ELSE\n${lines(others)}END IF`;
}

function block(statements: readonly string[]): string {
  return `DO ${dollarQuoted(`BEGIN\n${lines(statements)}END`)}`;
}

/** Not indented: a name may hold a line break. */
function lines(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};\n`).join('');
}
