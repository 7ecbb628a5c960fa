import path from 'node:path';
import { lintFiles } from '../../journey/lint';
import type { LintResult } from '../../journey/outcomes';
import { t } from '../../messages/translate';
import type { Severity } from '../../safety/finding';
import { lintGithub } from '../formats/lint-github';
import { lintGitlab } from '../formats/lint-gitlab';
import { lintJson } from '../formats/lint-json';
import { nameAsGiven, type LintReport } from '../formats/lint-report';
import { lintSarif } from '../formats/lint-sarif';
import { optionalChoice, optionalNumber, optionalText } from '../option-values';
import { isShown, lintText } from '../text/lint';
import { explainedRule, rulesJson, rulesText } from '../text/rules';
import type { Verb, VerbCall, VerbResult } from '../verb';

const ranks: Record<Severity, number> = { info: 0, warning: 1, error: 2 };

export const lintVerb: Verb = {
  name: 'lint',
  summary:
    'What each statement locks, rewrites and scans, and what to do instead. Exits 1 on findings at --fail-on or above.',
  usage:
    'PATH... [--pg-version N] [--database-url URL] [--format text|json|sarif|github|gitlab]\n' +
    '                [--fail-on error|warning] [--all]\n' +
    '       switchback lint --rules\n' +
    '       switchback lint --explain RULE',
  options: {
    'pg-version': { type: 'string' },
    'fail-on': { type: 'string' },
    all: { type: 'boolean' },
    rules: { type: 'boolean' },
    explain: { type: 'string' },
  },
  optionHelp: {
    'pg-version': t('the major version that forecasts are for; a connected database tells its own'),
    'fail-on': t('the lightest finding that fails: error (default) or warning'),
    all: t('shows every statement, not only those that are loud or have findings'),
    rules: t('lists the rules'),
    explain: t('why a rule is there, with a bad and a good example'),
  },
  formats: ['sarif', 'github', 'gitlab'],
  async run(call) {
    const { context, values, positionals } = call;
    const explain = optionalText(values, 'explain');
    if (explain !== null) return { exitCode: 0, ...explainedRule(explain) };
    if (values.rules === true) return { exitCode: 0, text: rulesText(), json: rulesJson() };
    const failOn = optionalChoice(values, 'fail-on', ['error', 'warning'] as const) ?? 'error';
    const serverMajor = optionalNumber(values, 'pg-version', 12, 99) ?? undefined;
    const given = positionals.length > 0 ? positionals : ['.'];
    const { root } = context.workspace;
    const database = await call.databaseIfAny();
    const result = await lintFiles(
      context,
      given.map((item) => path.resolve(root, item)),
      { database, serverMajor, memory: call.lintMemory },
    );
    const failed = result.files.some((file) =>
      file.findings.some((finding) => ranks[finding.severity] >= ranks[failOn]),
    );
    const answer = await rendered(call, { result, root, given }, database !== null);
    return { exitCode: failed ? 1 : 0, ...answer };
  },
};

async function rendered(
  call: VerbCall,
  report: LintReport,
  connected: boolean,
): Promise<Pick<VerbResult, 'json' | 'text'>> {
  switch (call.format) {
    case 'json':
      return { json: lintJson(report), text: '' };
    case 'sarif':
      return { json: null, text: lintSarif(report) };
    case 'github':
      return { json: null, text: lintGithub(report) };
    case 'gitlab':
      return { json: null, text: lintGitlab(report) };
    default:
      return { json: null, text: await forPeople(call, report, connected) };
  }
}

async function forPeople(
  { context, values, terminal }: VerbCall,
  report: LintReport,
  connected: boolean,
): Promise<string> {
  const all = values.all === true;
  const texts = await shownTexts((file) => context.files.readIfExists(file), report.result, all);
  return lintText(report.result, {
    ...terminal,
    all,
    connected,
    nameOf: (file) => nameAsGiven(report, file)(file),
    textOf: (file) => texts.get(file) ?? null,
  });
}

/** Texts of the files that have something to show; one that cannot be read has a finding that says so. */
async function shownTexts(
  read: (path: string) => Promise<string | null>,
  { files }: LintResult,
  all: boolean,
): Promise<Map<string, string | null>> {
  const shown = files.filter((file) => file.statements.length > 0 && isShown(file, all));
  return new Map(await Promise.all(shown.map(async ({ path: file }) => [file, await read(file)] as const)));
}
