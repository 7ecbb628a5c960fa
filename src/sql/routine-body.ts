import { errorText } from '../messages/error';
import { t } from '../messages/translate';
import { BodyText } from './body-text';
import { lexemes } from './lexer';
import { readLiteral, type Literal } from './literal';
import type { PlPgSqlFunction, RawStatement } from './parser';
import { readPlPgSql } from './plpgsql-body';
import type { TextPositions } from './positions';
import { readAtomicBody, readSqlText } from './sql-body';
import type { RoutineBody, Statement } from './statement';
import { asKind, stringOf, strings } from './tree';

export type ParsePlPgSql = (text: string) => PlPgSqlFunction[];

export interface RoutineSource {
  statement: Statement;
  /** The text of the statement as it was parsed, with stand-ins for placeholders. */
  parsedText: string;
  /** The script, and its positions. */
  text: string;
  positions: TextPositions;
  parsers: { raw(text: string): RawStatement[]; plPgSql: ParsePlPgSql };
}

/**
 * The SQL inside a DO block or CREATE FUNCTION / PROCEDURE, with its places in the script
 * (https://www.postgresql.org/docs/current/plpgsql-structure.html). Null for languages that are not read.
 * Never throws.
 */
export function readRoutineBody(source: RoutineSource): RoutineBody | null {
  const { language, sqlBody, code } = describe(source.statement);
  if (sqlBody) return readAtomicBody(source, sqlBody);
  if ((language !== 'plpgsql' && language !== 'sql') || code === null) return null;
  const { start, end } = source.statement;
  const own = findLiteral(source.text, start.offset, end.offset, code);
  const parsed = findLiteral(source.parsedText, 0, source.parsedText.length, code);
  if (!own || !parsed) return notRead(source, language, t('its text could not be found'));
  const body = new BodyText(source, own.literal);
  try {
    if (language === 'sql') return readSqlText(body);
    const header = {
      before: source.parsedText.slice(0, parsed.start),
      after: source.parsedText.slice(parsed.end),
    };
    return readPlPgSql(body, header, source.parsers.plPgSql);
  } catch (error) {
    return notRead(source, language, errorText(error));
  }
}

function notRead({ statement }: RoutineSource, language: string, reason: string): RoutineBody {
  const { start, end } = statement;
  const message = t('The inside of this statement was not analysed: {0}.', reason);
  return {
    language,
    parts: [],
    problems: [{ kind: 'not-analysed', message, start, end }],
    verbatim: false,
    commits: false,
  };
}

function describe(statement: Statement): { language: string; sqlBody: object | null; code: string | null } {
  const block = asKind(statement.node, 'DoStmt');
  const create = asKind(statement.node, 'CreateFunctionStmt');
  const options = (block?.args ?? create?.options ?? []).map((node) => asKind(node, 'DefElem'));
  const written = stringOf(options.find((each) => each?.defname === 'language')?.arg);
  const as = options.find((each) => each?.defname === 'as')?.arg;
  const list = asKind(as, 'List')?.items;
  const texts = list ? strings(list) : as ? [stringOf(as)] : [];
  const sqlBody = create?.sql_body ?? null;
  const language = written || (block ? 'plpgsql' : 'sql');
  return { language: language.toLowerCase(), sqlBody, code: texts.length === 1 ? texts[0]! : null };
}

/** The string constant between two places that has this value; the last one, because options come before. */
function findLiteral(
  text: string,
  from: number,
  to: number,
  value: string,
): { literal: Literal; start: number; end: number } | null {
  let found: { literal: Literal; start: number; end: number } | null = null;
  for (const lexeme of lexemes(text, from)) {
    if (lexeme.start >= to) break;
    if (lexeme.kind !== 'string' && lexeme.kind !== 'dollar-string') continue;
    const literal = readLiteral(text, lexeme);
    if (literal?.value === value) {
      // The E of an escaped constant belongs to it.
      const start = /e/i.test(text[lexeme.start - 1] ?? '') ? lexeme.start - 1 : lexeme.start;
      found = { literal, start: lexeme.kind === 'string' ? start : lexeme.start, end: lexeme.end };
    }
  }
  return found;
}
