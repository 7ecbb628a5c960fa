import { t } from '../../messages/translate';
import type { Forecast } from '../../safety/forecast';
import { describeForecast, lockName, relationLabel } from '../../safety/forecast/describe-forecast';
import { lockModes } from '../../safety/forecast';
import { lexemes } from '../../sql/lexer';
import { dataKinds } from './measure-in-transaction';
import type { Disagreement, MeasuredIn, MeasuredStatement } from './measured-forecast';

/** A disagreement in one sentence. */
export function disagreementSentence({ what, relation, predicted, measured }: Disagreement): string {
  switch (what) {
    case 'lock':
      return t(
        'The lock on {0} was forecast as {1} and measured as {2}.',
        relationLabel(relation ?? ''),
        lockWord(predicted),
        lockWord(measured),
      );
    case 'work':
      return t(
        'The work on {0} was forecast as {1} and measured as {2}.',
        relationLabel(relation ?? ''),
        predicted,
        measured,
      );
    case 'transactional':
      return measured === 'no'
        ? t('It was forecast to run inside a transaction, and the server refused that.')
        : t('It was forecast to refuse a transaction, and ran inside one.');
  }
}

/** What to do about disagreements: said once, where there are any. */
export function disagreementAdvice(): string {
  return t(
    'Trust the measurement. Forecast and server differ: that is a mistake of Switchback. Please report it with the text below.',
  );
}

/**
 * A report of a statement's disagreements, ready to paste: the statement without its constants and comments, the server's
 * version and both forecasts. It holds no rows. Not translated, like every report to the developers.
 */
export function disagreementReport(sql: string, statement: MeasuredStatement, shadow: MeasuredIn): string {
  const lines = [
    `Forecast and measurement differ (PostgreSQL ${shadow.version}, ${shadow.engine}, ${shadow.kind} shadow database)`,
    '',
    '```sql',
    withoutValues(sql.trim(), statement.predicted.kind),
    '```',
    '',
    ...statement.disagreements.map(
      ({ what, relation, predicted, measured }) =>
        `- ${what}${relation === null ? '' : ` on ${relation}`}: forecast ${predicted}, measured ${measured}`,
    ),
    '',
    `Forecast: ${facts(statement.predicted)}`,
    `Measured: ${statement.measured ? facts(statement.measured) : 'nothing'}`,
  ];
  return lines.join('\n');
}

/** Forecast and measurement of a statement in one phrase each, for showing them side by side. */
export function sideBySide({ predicted, measured }: MeasuredStatement): {
  predicted: string;
  measured: string | null;
} {
  const untimed = (forecast: Forecast): string => describeForecast({ ...forecast, holdMilliseconds: null });
  return { predicted: untimed(predicted), measured: measured && untimed(measured) };
}

function facts({ locks, works, work, transactional }: Forecast): string {
  const held = locks.map(({ relation, mode }) => `${mode} on ${relation}`).join(', ') || 'no lock';
  const done = works.map(({ kind, relation }) => `${kind} of ${relation}`).join(', ') || work;
  return `${held}; ${done}; ${transactional ? 'transactional' : 'refuses a transaction'}`;
}

function lockWord(mode: string): string {
  const known = lockModes.find((each) => each === mode);
  return known ? lockName(known) : t('none');
}

/** Constants and comments may hold what is nobody else's business; in a statement of data numbers do too. */
function withoutValues(sql: string, kind: string): string {
  const parts: string[] = [];
  for (const lexeme of lexemes(sql)) {
    const text = sql.slice(lexeme.start, lexeme.end);
    switch (lexeme.kind) {
      case 'comment':
        parts.push(' ');
        break;
      case 'string':
        parts.push("'…'");
        break;
      case 'dollar-string':
        parts.push('$$…$$');
        break;
      case 'identifier':
        parts.push(text);
        break;
      case 'code':
        parts.push(dataKinds.has(kind) ? text.replace(/(?<![\w$])\.?\d[\w.]*/g, '0') : text);
    }
  }
  return parts.join('').replace(/[ \t]+(?=\r?\n|$)/g, '');
}
