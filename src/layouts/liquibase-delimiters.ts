/**
 * A script in which semicolons stand where Liquibase ends a statement by something else, each just as long: by the
 * delimiter that its changeset names, or by a line of `/` or `GO` where it names none.
 */
export function delimitersAsSemicolons(sql: string, delimiter: string | null): string {
  if (delimiter === ';' || delimiter === '') return sql;
  if (delimiter === null) return withSemicolons(sql, /^(?:go|\/)(?=[ \t]*\r?$)/gim);
  // `\n/` is one on a line of its own, and `\n/$` the same as a pattern.
  const ownLine = /^(?:\\r)?\\n/.test(delimiter);
  const word = ownLine ? delimiter.replace(/^(?:\\r)?\\n/, '').replace(/(.)\$$/, '$1') : delimiter;
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return withSemicolons(sql, new RegExp(`${ownLine ? '^' : ''}${escaped}(?=[ \\t]*\\r?$)`, 'gim'));
}

function withSemicolons(sql: string, pattern: RegExp): string {
  return sql.replace(pattern, (found) => `;${' '.repeat(found.length - 1)}`);
}
