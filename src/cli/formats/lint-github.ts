import type { Finding, Severity } from '../../safety/finding';
import { nameInWorkspace, type LintReport } from './lint-report';

const commands: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * Annotations of a GitHub workflow, one per line:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function lintGithub({ result, root }: LintReport): string {
  return result.files
    .flatMap((file) => file.findings.map((finding) => annotation(nameInWorkspace(root, file.path), finding)))
    .join('\n');
}

function annotation(file: string, { rule, severity, start, end, message }: Finding): string {
  const properties: [string, string | number][] = [
    ['file', file],
    ['line', start.line],
  ];
  // GitHub knows columns only where it all is on one line; its last column is the last one that belongs to it.
  if (start.line === end.line) properties.push(['col', start.column]);
  properties.push(['endLine', end.line]);
  if (start.line === end.line) properties.push(['endColumn', Math.max(start.column, end.column - 1)]);
  properties.push(['title', `switchback: ${rule}`]);
  const list = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
  return `::${commands[severity]} ${list}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
