import type { LintedFile } from '../../journey/outcomes';
import type { Finding, Fix } from '../../safety/finding';
import { isBeside } from '../../rehearse/measure/measured-forecast';
import type { Forecast } from '../../safety/forecast';
import { nameAsGiven, type LintReport } from './lint-report';

interface Place {
  line: number;
  column: number;
}

/** The JSON other programs rely on (schemas/lint.schema.json): lines and columns from 1, `end` exclusive. */
export function lintJson(report: LintReport): unknown {
  return {
    files: report.result.files.map((file) => {
      const nameOf = nameAsGiven(report, file.path);
      return {
        path: nameOf(file.path),
        statements: file.statements.map(jsonStatement),
        findings: file.findings.map((finding) => jsonFinding(finding, nameOf)),
      };
    }),
  };
}

/** A forecast, or a measurement with its forecast beside it, as the JSON has it. */
export function jsonStatement(forecast: Forecast): unknown {
  const { indexLocks, ...rest } = forecast;
  // An index is a relation like any other to those who read this.
  const locks = [...forecast.locks, ...indexLocks].sort((a, b) =>
    a.relation < b.relation ? -1 : a.relation > b.relation ? 1 : 0,
  );
  const placed = { ...rest, locks, start: place(forecast.start), end: place(forecast.end) };
  return isBeside(forecast) ? { ...placed, predicted: jsonStatement(forecast.predicted) } : placed;
}

function jsonFinding(finding: LintedFile['findings'][number], nameOf: (path: string) => string): unknown {
  const { rule, severity, statement, start, end, message, fix }: Finding = finding;
  return {
    rule,
    severity,
    statement,
    start: place(start),
    end: place(end),
    message,
    fix: fix && jsonFix(fix, nameOf),
  };
}

function jsonFix({ title, edits, creates }: Fix, nameOf: (path: string) => string): unknown {
  return {
    title,
    edits: edits.map(({ path, start, end, newText }) => ({
      path: nameOf(path),
      start: place(start),
      end: place(end),
      newText,
    })),
    creates: creates.map(({ path, text }) => ({ path: nameOf(path), text })),
  };
}

function place({ line, column }: Place): Place {
  return { line, column };
}
