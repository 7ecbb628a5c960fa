import type { Severity } from '../../safety/finding';
import { fingerprints } from './fingerprint';
import { nameInWorkspace, type LintReport } from './lint-report';

const severities: Record<Severity, string> = { error: 'critical', warning: 'major', info: 'info' };

/** A Code Quality report of GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export function lintGitlab({ result, root }: LintReport): string {
  const entries = result.files.flatMap((file) => {
    const name = nameInWorkspace(root, file.path);
    const prints = fingerprints(name, file.findings);
    return file.findings.map(({ rule, severity, start, end, message }, index) => ({
      description: message,
      check_name: rule,
      fingerprint: prints[index]!,
      severity: severities[severity],
      location: { path: name, lines: { begin: start.line, end: end.line } },
    }));
  });
  return JSON.stringify(entries, null, 2);
}
