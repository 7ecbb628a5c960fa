import type { Finding } from '../safety/finding';
import type { LintedFile } from './outcomes';

/** One result for each file, also where a tool keeps both directions in one: statements in the order of the text. */
export function oneForEachFile(parts: readonly LintedFile[]): LintedFile[] {
  const byPath = new Map<string, LintedFile>();
  for (const part of parts) {
    const other = byPath.get(part.path);
    byPath.set(part.path, other ? together(other, part) : part);
  }
  return [...byPath.values()];
}

function together(one: LintedFile, other: LintedFile): LintedFile {
  const [first, second] = startOf(one) <= startOf(other) ? [one, other] : [other, one];
  const base = first.statements.length;
  // Transactions of the two are never the same one, whatever number they have in their own part.
  const blocks = Math.max(-1, ...first.transactions.map((block) => block ?? -1)) + 1;
  return {
    path: first.path,
    statements: [
      ...first.statements,
      ...second.statements.map((forecast) => ({ ...forecast, index: forecast.index + base })),
    ],
    findings: [
      ...first.findings,
      ...second.findings
        .filter((finding) => !first.findings.some((known) => isOfFile(known, finding)))
        .map((finding) => moved(finding, base)),
    ],
    transactions: [
      ...first.transactions,
      ...second.transactions.map((block) => (block === null ? null : block + blocks)),
    ],
    rows: { ...first.rows, ...second.rows },
    ...sentBy(first.sent, second.sent, base),
  };
}

function sentBy(
  first: LintedFile['sent'],
  second: LintedFile['sent'],
  base: number,
): Pick<LintedFile, 'sent'> {
  if (!first && !second) return {};
  const moved = [...(second ?? [])].map(([index, sql]) => [index + base, sql] as const);
  return { sent: new Map([...(first ?? []), ...moved]) };
}

/** Whether both say the same of the file as a whole: that it cannot be read is told of each direction. */
function isOfFile(one: Finding, other: Finding): boolean {
  return (
    one.statement === null &&
    other.statement === null &&
    one.rule === other.rule &&
    one.start.offset === other.start.offset &&
    one.message === other.message
  );
}

/** Where its first statement starts; a part without any comes last. */
function startOf({ statements, findings }: LintedFile): number {
  return statements[0]?.start.offset ?? findings[0]?.start.offset ?? Infinity;
}

/** Its fix is still worked out only when somebody looks at it. */
function moved(finding: Finding, base: number): Finding {
  if (finding.statement === null) return finding;
  const { rule, severity, start, end, message } = finding;
  return {
    rule,
    severity,
    statement: finding.statement + base,
    start,
    end,
    message,
    get fix() {
      return finding.fix;
    },
  };
}
