import path from 'node:path';
import { lintFiles } from '../../journey/lint';
import { withMeasurements } from '../../journey/measured-lint';
import type { LintResult } from '../../journey/outcomes';
import { unknownRules } from '../../journey/rule-levels';
import type { Database } from '../../journey/database';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { isBeside, type MeasuredFile } from '../../rehearse/measure/measured-forecast';
import type { Forecast } from '../../safety/forecast';
import type { Severity } from '../../safety/finding';
import { lintGithub } from '../formats/lint-github';
import { lintGitlab } from '../formats/lint-gitlab';
import { lintJson } from '../formats/lint-json';
import { nameAsGiven, type LintReport } from '../formats/lint-report';
import { lintSarif } from '../formats/lint-sarif';
import { optionalChoice, optionalNumber, optionalText } from '../option-values';
import { readShadowChoice } from '../shadow-option';
import { isShown, lintText } from '../text/lint';
import { measuredText } from '../text/measured';
import { explainedRule, rulesJson, rulesText } from '../text/rules';
import type { VerbCall, VerbResult } from '../verb';

const ranks: Record<Severity, number> = { info: 0, warning: 1, error: 2 };

/** What `switchback lint` answers. */
export async function runLint(call: VerbCall): Promise<VerbResult> {
  const { context, values, positionals } = call;
  const explain = optionalText(values, 'explain');
  if (explain !== null) return { exitCode: 0, ...explainedRule(explain) };
  if (values.rules === true) return { exitCode: 0, text: rulesText(), json: rulesJson() };
  const failOn = optionalChoice(values, 'fail-on', ['error', 'warning'] as const) ?? 'error';
  const serverMajor = optionalNumber(values, 'pg-version', 12, 99) ?? undefined;
  const given = positionals.length > 0 ? positionals : ['.'];
  const { root, configuration } = context.workspace;
  for (const sentence of unknownRules(configuration)) call.tell(sentence);
  const database = await call.databaseIfAny();
  const read = await lintFiles(
    context,
    given.map((item) => path.resolve(root, item)),
    { database, serverMajor, memory: call.lintMemory },
  );
  const linted = await emittedOf(call, read, database, serverMajor);
  const measured = await measuredOf(call, linted, database, serverMajor);
  const result = withMeasurements(linted, measured);
  const failed = result.files.some((file) =>
    file.findings.some((finding) => ranks[finding.severity] >= ranks[failOn]),
  );
  const answer = await rendered(call, { result, root, given }, database !== null, measured);
  return { exitCode: failed ? 1 : 0, ...answer };
}

/** Migrations in code judged by what their tool sends, where `--emitted` asks for it. */
async function emittedOf(
  { context, values }: VerbCall,
  read: LintResult,
  database: Database | null,
  serverMajor: number | undefined,
): Promise<LintResult> {
  if (values.emitted !== true) return read;
  if (optionalText(values, 'shadow') !== null) {
    throw new SwitchbackError(
      'usage',
      t(
        '--emitted and --shadow do not go together: what a tool sends is not measured. Leave one of them out.',
      ),
    );
  }
  const { withEmitted } = await import('../../journey/emitted-lint');
  return withEmitted(context, read, { database, serverMajor });
}

/** Every file measured in a shadow database where `--shadow` asks for it. */
async function measuredOf(
  { context, values }: VerbCall,
  { files }: LintResult,
  database: Database | null,
  serverMajor: number | undefined,
): Promise<MeasuredFile[]> {
  if (optionalText(values, 'shadow') === null) return [];
  const { measureFiles } = await import('../../journey/measure');
  const paths = files.map((file) => file.path);
  return measureFiles(context, paths, { shadow: readShadowChoice(values), database, serverMajor });
}

async function rendered(
  call: VerbCall,
  report: LintReport,
  connected: boolean,
  measured: readonly MeasuredFile[],
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
      return { json: null, text: await forPeople(call, report, connected, measured) };
  }
}

async function forPeople(
  { context, values, terminal }: VerbCall,
  report: LintReport,
  connected: boolean,
  measured: readonly MeasuredFile[],
): Promise<string> {
  const all = values.all === true;
  const texts = await shownTexts((file) => context.files.readIfExists(file), report.result, all);
  const options = {
    ...terminal,
    nameOf: (file: string) => nameAsGiven(report, file)(file),
    textOf: (file: string) => texts.get(file) ?? null,
  };
  const text = lintText(report.result, { ...options, all, connected: connected || measured.length > 0 });
  return [text, measuredText(measured, options)].filter((part) => part !== '').join('\n\n');
}

/** Texts of the files that have something to show; one that cannot be read has a finding that says so. */
async function shownTexts(
  read: (path: string) => Promise<string | null>,
  { files }: LintResult,
  all: boolean,
): Promise<Map<string, string | null>> {
  const shown = files.filter(
    (file) => file.statements.length > 0 && (isShown(file, all) || file.statements.some(isDisputed)),
  );
  return new Map(await Promise.all(shown.map(async ({ path: file }) => [file, await read(file)] as const)));
}

/** Measured otherwise than forecast. */
function isDisputed(forecast: Forecast): boolean {
  return isBeside(forecast) && forecast.disagreements.length > 0;
}
