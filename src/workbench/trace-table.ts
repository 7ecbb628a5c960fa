import type { StatementTrace } from '../implement/statement-trace';
import { traceWord } from '../implement/trace-words';
import { t } from '../messages/translate';
import { escapeMarkdown } from './forecast/markdown';

/** Statements and what the catalog shows of each, as a table in Markdown. `remark` adds to what is shown of one. */
export function traceTable<Trace extends StatementTrace>(
  statements: readonly Trace[],
  remark: (statement: Trace) => string | null = () => null,
): string[] {
  return markdownTable(
    [t('Line'), t('Statement'), t('In the database'), t('Looked for')],
    statements.map((statement) => [
      String(statement.line),
      shortened(statement.text),
      [traceWord(statement.state), remark(statement)].filter((text) => text !== null).join('; '),
      statement.objects.map(objectWords).join('; '),
    ]),
  );
}

function objectWords({ object, wants, holds }: StatementTrace['objects'][number]): string {
  if (wants === 'there') return holds ? t('{0}: there', object) : t('{0}: not there', object);
  return holds ? t('{0}: gone', object) : t('{0}: still there', object);
}

/** A table of plain texts. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(headings), `|${' --- |'.repeat(headings.length)}`, ...rows.map(line)];
}

const longest = 160;

function shortened(text: string): string {
  const one = text.replace(/\s+/g, ' ');
  return one.length <= longest ? one : `${one.slice(0, longest)}…`;
}
