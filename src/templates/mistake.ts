import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';

/** Where a template is wrong and why. Line and column count from 1; null: not known. */
export class TemplateMistake extends Error {
  constructor(
    readonly file: string,
    readonly line: number | null,
    readonly column: number | null,
    /** A part of a sentence, translated. */
    readonly reason: string,
    cause?: unknown,
  ) {
    super(reason, { cause });
    this.name = 'TemplateMistake';
  }
}

/** The mistake as `invalid-file`, its sentence naming file, line and column as far as they are known. */
export function mistakeError(mistake: TemplateMistake): SwitchbackError {
  const { file, line, column, reason } = mistake;
  return new SwitchbackError('invalid-file', mistakeSentence(mistake), {
    cause: mistake.cause ?? reason,
    details: { file, line, column },
  });
}

function mistakeSentence({ file, line, column, reason }: TemplateMistake): string {
  if (line === null) {
    return t(
      'The template {0} cannot be filled: {1}. Correct it, or remove it to use the shipped one.',
      file,
      reason,
    );
  }
  if (column === null) {
    return t(
      'The template {0} cannot be filled, line {1}: {2}. Correct it, or remove it to use the shipped one.',
      file,
      line,
      reason,
    );
  }
  return t(
    'The template {0} cannot be filled, line {1}, column {2}: {3}. Correct it, or remove it to use the shipped one.',
    file,
    line,
    column,
    reason,
  );
}
