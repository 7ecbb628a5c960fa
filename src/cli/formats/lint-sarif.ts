import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { homepage, version } from '../../../package.json';
import { allRules } from '../../journey/rules';
import type { LintedFile } from '../../journey/outcomes';
import type { Finding, Fix, Severity } from '../../safety/finding';
import { rulePage } from '../../safety/rule-page';
import type { Rule } from '../../safety/rule';
import { fingerprints } from './fingerprint';
import { nameInWorkspace, type LintReport } from './lint-report';

const levels: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' };

interface Place {
  line: number;
  column: number;
}

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function lintSarif({ result, root }: LintReport): string {
  const rules = allRules();
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  const run = {
    tool: { driver: { name: 'Switchback', version, informationUri: homepage, rules: rules.map(descriptor) } },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(root).href.replace(/\/$/, '')}/` } },
    results: result.files.flatMap((file) => results(file, root, indexes)),
  };
  return JSON.stringify(
    { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] },
    null,
    2,
  );
}

function descriptor(rule: Rule): unknown {
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    helpUri: rule.url,
    help: { text: rule.why, markdown: rulePage(rule) },
    defaultConfiguration: { enabled: !rule.optIn, level: levels[rule.severity] },
  };
}

function results(file: LintedFile, root: string, indexes: ReadonlyMap<string, number>): unknown[] {
  const prints = fingerprints(nameInWorkspace(root, file.path), file.findings);
  return file.findings.map((finding, index) => ({
    ruleId: finding.rule,
    // What cannot be read has a finding, but no rule.
    ...(indexes.has(finding.rule) ? { ruleIndex: indexes.get(finding.rule) } : {}),
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [location(file.path, finding, root)],
    partialFingerprints: { 'switchback/v1': prints[index] },
    ...(finding.fix ? { fixes: [sarifFix(finding.fix, root)] } : {}),
  }));
}

function location(file: string, { start, end }: Finding, root: string): unknown {
  return { physicalLocation: { artifactLocation: artifact(file, root), region: region(start, end) } };
}

function region(start: Place, end: Place): unknown {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** A file that is created is a change of an empty one. */
function sarifFix({ title, edits, creates }: Fix, root: string): unknown {
  const changes = new Map<string, unknown[]>();
  for (const { path: file, start, end, newText } of edits) {
    const replacement = { deletedRegion: region(start, end), insertedContent: { text: newText } };
    changes.set(file, [...(changes.get(file) ?? []), replacement]);
  }
  const first = { line: 1, column: 1 };
  for (const { path: file, text } of creates)
    changes.set(file, [{ deletedRegion: region(first, first), insertedContent: { text } }]);
  return {
    description: { text: title },
    artifactChanges: [...changes].map(([file, replacements]) => ({
      artifactLocation: artifact(file, root),
      replacements,
    })),
  };
}

function artifact(file: string, root: string): unknown {
  const name = nameInWorkspace(root, file);
  if (path.isAbsolute(name)) return { uri: pathToFileURL(file).href };
  return { uri: name.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' };
}
