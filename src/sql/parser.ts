import type * as LibPgQuery from 'libpg-query';
import { SwitchbackError, errorText } from '../messages/error';
import { t } from '../messages/translate';
import { parseScript } from './script';
import type { ParsedSql, ParseNode } from './statement';

/** PostgreSQL's own parser (that of PostgreSQL 18), running in this thread. */
export interface SqlParser {
  /**
   * The statements of a text, with their places. Never throws: what cannot be read is in `problems`,
   * and hides nothing else. Places inside trees (`location`) are UTF-16 offsets in `text`.
   */
  parse(text: string): ParsedSql;
  /** One statement's raw tree list; throws the parser's error. Places are UTF-8 bytes. */
  parseRaw(text: string): RawStatement[];
  /**
   * The PL/pgSQL tree of each function in CREATE FUNCTION or DO statements. It holds line numbers
   * only, and its SQL as text. Throws `syntax-error`.
   */
  parsePlPgSql(text: string): PlPgSqlFunction[];
}

export interface RawStatement {
  stmt: ParseNode;
  /** UTF-8 bytes. */
  stmt_location?: number;
  stmt_len?: number;
}

export interface PlPgSqlFunction {
  PLpgSQL_function: ParseNode;
}

/** Loads the parser (about 20 ms the first time). */
export async function loadParser(): Promise<SqlParser> {
  const library = await import('libpg-query');
  await library.loadModule();
  return parserFrom(library);
}

function parserFrom(library: Pick<typeof LibPgQuery, 'parseSync' | 'parsePlPgSQLSync'>): SqlParser {
  const parseRaw = (text: string): RawStatement[] => {
    assertFewCommentSigns(text);
    return text.trim() === '' ? [] : ((library.parseSync(text).stmts ?? []) as RawStatement[]);
  };
  const plPgSql = (text: string): PlPgSqlFunction[] =>
    (library.parsePlPgSQLSync(text) as unknown as { plpgsql_funcs?: PlPgSqlFunction[] }).plpgsql_funcs ?? [];
  return {
    parse: (text) =>
      text.length > mostCharacters ? notParsed() : parseScript(text, { raw: parseRaw, plPgSql }),
    parseRaw,
    parsePlPgSql: (text) => {
      try {
        return plPgSql(text);
      } catch (error) {
        throw new SwitchbackError(
          'syntax-error',
          t('PostgreSQL cannot read this function: {0}. Correct its body.', errorText(error)),
          { cause: error },
        );
      }
    },
  };
}

/** A longer text takes minutes and gigabytes, and at ten times as much the parser ends the process. */
const mostCharacters = 5_000_000;

function notParsed(): ParsedSql {
  const start = { offset: 0, line: 1, column: 1 };
  const message = t(
    'This is longer than {0} million characters, and was not read. Split it, or load its data by another way.',
    mostCharacters / 1_000_000,
  );
  const problem = { kind: 'not-analysed' as const, message, start, end: start };
  return { statements: [], problems: [problem], comments: [], onlyForTools: null };
}

/** So many comments are opened in one run of operator signs by nobody who means well. */
const mostCommentSigns = 250;

/**
 * PostgreSQL reads a run of operator signs anew from each comment that opens in it: thousands of them take minutes.
 * https://github.com/postgres/postgres/blob/master/src/backend/parser/scan.l
 */
function assertFewCommentSigns(text: string): void {
  for (const [run] of text.matchAll(/[~!@#^&|`?+\-*/%<>=]{1000,}/g))
    if (run.split('/*').length > mostCommentSigns)
      throw new Error(t('there are too many comment signs in a row'));
}
