const letter = '[\\p{L}\\p{N}_$]';

/** What SQLAlchemy's `text()` takes for a value that is bound, and for an escaped colon: `BIND_PARAMS` in its `sql/compiler.py`. */
const bound = new RegExp(`(?<![:\\\\]|${letter}):(?=${letter}+(?!:|${letter}))`, 'gu');
const escaped = new RegExp(`\\\\(?=:${letter}*(?!:|${letter}))`, 'gu');

/** A statement as Alembic's `op.execute` has to be given it, so that it sends it as it is. */
export function alembicText(statement: string): string {
  return statement.replace(escaped, '\\\\').replace(bound, '\\:');
}

/** SQL that Alembic is given, as it sends it and just as long: an escaped colon is a colon. */
export function readAlembicText(sql: string): string {
  return sql.replace(/\\( ?):/g, ' $1:');
}
