/** A statement of a file, as lenses, hovers and code actions name it in the arguments of a command. */
export interface StatementTarget {
  /** Absolute path. */
  file: string;
  /** Index of the statement; absent for the file as a whole. */
  statement?: number;
}

/** The argument of a command as a statement's address; null when it is something else. */
export function statementTarget(argument: unknown): StatementTarget | null {
  if (typeof argument !== 'object' || argument === null || !('file' in argument)) return null;
  const { file } = argument;
  if (typeof file !== 'string') return null;
  const statement = 'statement' in argument ? argument.statement : undefined;
  return typeof statement === 'number' ? { file, statement } : { file };
}
