import path from 'node:path';
import type { LintResult } from '../../journey/outcomes';
import { t } from '../../messages/translate';

/** Findings for the terminal: path:line:column, severity, rule, sentence. */
export function lintText(result: LintResult, root: string): string {
  const lines = result.files.flatMap((file) =>
    file.findings.map((finding) => {
      const place = `${path.relative(root, file.path)}:${finding.start.line}:${finding.start.column}`;
      return `${place}: ${finding.severity} ${finding.rule}: ${finding.message}`;
    }),
  );
  const count = result.files.length;
  lines.push(t('{0} findings in {1} files', lines.length, count));
  return lines.join('\n');
}
