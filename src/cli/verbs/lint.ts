import path from 'node:path';
import { lintFiles } from '../../journey/lint';
import type { LintResult } from '../../journey/outcomes';
import type { Severity } from '../../safety/finding';
import { optionalChoice, optionalNumber } from '../option-values';
import { lintText } from '../text/lint';
import type { Verb } from '../verb';

const ranks: Record<Severity, number> = { info: 0, warning: 1, error: 2 };

export const lintVerb: Verb = {
  name: 'lint',
  summary:
    'What each statement locks, rewrites and scans, and what to do instead. Exits 1 on findings at --fail-on or above.',
  usage: 'PATH... [--pg-version N] [--fail-on error|warning]',
  options: { 'pg-version': { type: 'string' }, 'fail-on': { type: 'string' } },
  async run({ context, positionals, values, databaseIfAny }) {
    const failOn = optionalChoice(values, 'fail-on', ['error', 'warning'] as const) ?? 'error';
    const serverMajor = optionalNumber(values, 'pg-version', 12, 99) ?? undefined;
    const paths = (positionals.length > 0 ? positionals : ['.']).map((item) =>
      path.resolve(context.workspace.root, item),
    );
    const result = await lintFiles(context, paths, { database: await databaseIfAny(), serverMajor });
    const failed = result.files.some((file) =>
      file.findings.some((finding) => ranks[finding.severity] >= ranks[failOn]),
    );
    return {
      exitCode: failed ? 1 : 0,
      json: lintJson(result, context.workspace.root),
      text: lintText(result, context.workspace.root),
    };
  },
};

/** The JSON other programs rely on: lines and columns from 1, `end` exclusive, paths as given. */
function lintJson(result: LintResult, root: string): unknown {
  const place = ({ line, column }: { line: number; column: number }): unknown => ({ line, column });
  return {
    files: result.files.map((file) => ({
      path: path.relative(root, file.path).split(path.sep).join('/'),
      statements: file.statements.map((item) => ({
        ...item,
        start: place(item.start),
        end: place(item.end),
      })),
      findings: file.findings.map((item) => ({ ...item, start: place(item.start), end: place(item.end) })),
    })),
  };
}
