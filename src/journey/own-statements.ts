import { quoteLiteral } from '../sql/identifier';
import { asKind } from '../sql/tree';
import { isOfTool, relationsIn, schemasIn } from './tool-statement';
import type { SqlParser } from '../sql/parser';
import type { Statement } from '../sql/statement';
import type { SentSql } from '../shadow/sent-statements';

/** What tells a tool's own statements from those of a migration. */
export interface ToolTraces {
  /** What makes the tool's tables, and writes in them: those are its own. */
  bookkeeping: readonly string[];
  /** The program: what stands in it is the migration's, whatever it is. */
  program: string;
}

/** One statement of a migration, as its tool sent it. */
interface OwnStatement {
  connection: number;
  sql: string;
  parameters: SentSql['parameters'];
  /** What it does to a transaction, where that is all it does. */
  block: 'begin' | 'end' | 'inside' | null;
}

/**
 * What a tool sent for one migration without what is its own: its history and lock tables, looks at the catalog,
 * settings of its connection, transactions with nothing in them, and what failed. As a script, in the order sent.
 */
export function ownStatements(parser: SqlParser, sent: readonly SentSql[], traces: ToolTraces): string {
  const bookkeeping = traces.bookkeeping.flatMap((sql) => parser.parse(sql).statements);
  const [tables, schemas] = [new Set(relationsIn(bookkeeping)), new Set(schemasIn(bookkeeping))];
  const kept: OwnStatement[] = [];
  for (const { connection, sql, parameters, failed } of sent) {
    if (failed) continue;
    const { statements, problems } = parser.parse(sql);
    if (problems.length > 0) {
      kept.push({ connection, sql, parameters, block: null });
      continue;
    }
    let place = 0;
    for (const statement of statements) {
      // Comments before it are its own: they may say what is to be thought of it.
      const text = sql.slice(place, statement.end.offset).replace(/^[\s;]+/, '');
      place = statement.end.offset;
      const block = blockOf(statement);
      if (block !== null || !isOfTool(statement, { tables, schemas, program: traces.program }))
        kept.push({ connection, sql: text, parameters, block });
    }
  }
  return withoutEmptyBlocks(kept).map(written).join('');
}

function written({ sql, parameters }: OwnStatement): string {
  const values = parameters.map((value, index) => `-- $${index + 1} = ${valueText(value)}\n`).join('');
  return `${values}${sql.trim().replace(/;+$/, '')};\n`;
}

/** In one line, whatever it holds. */
function valueText(value: string | null | undefined): string {
  if (value === null) return 'NULL';
  if (value === undefined) return '?';
  const line = value.replace(/[\r\n\0]+/g, ' ');
  return quoteLiteral(line.length > 200 ? `${line.slice(0, 199)}…` : line);
}

function blockOf({ kind, node }: Statement): OwnStatement['block'] {
  const transaction = kind === 'TransactionStmt' ? asKind(node, 'TransactionStmt') : null;
  switch (transaction?.kind) {
    case undefined:
      return null;
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return 'begin';
    case 'TRANS_STMT_COMMIT':
    case 'TRANS_STMT_ROLLBACK':
    case 'TRANS_STMT_PREPARE':
      return 'end';
    default:
      return 'inside';
  }
}

/** A tool opens transactions for its bookkeeping too, on any of its connections. */
function withoutEmptyBlocks(statements: readonly OwnStatement[]): OwnStatement[] {
  const empty = new Set<OwnStatement>();
  const open = new Map<number, { marks: OwnStatement[]; isUsed: boolean }>();
  for (const statement of statements) {
    const { connection, block } = statement;
    const known = open.get(connection);
    if (block === 'begin') open.set(connection, { marks: [statement], isUsed: false });
    else if (block === null && known) known.isUsed = true;
    else if (block !== null && !known) empty.add(statement);
    else if (block !== null && known) {
      known.marks.push(statement);
      if (block === 'inside') continue;
      if (!known.isUsed) for (const mark of known.marks) empty.add(mark);
      open.delete(connection);
    }
  }
  for (const { marks, isUsed } of open.values()) if (!isUsed) for (const mark of marks) empty.add(mark);
  return statements.filter((statement) => !empty.has(statement));
}
