import path from 'node:path';
import { heldFile, inPlanFolder } from '../documents/plan-folder';
import type { LintVerdict } from '../documents/rollout/rollout-document';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { stepsOf } from '../plan/plan';
import type { Severity } from '../safety/finding';
import { lintFiles } from './lint';
import type { LintedFile } from './outcomes';
import type { JourneyContext } from './workspace';

/** What the rules say of the migration files of a plan, released or held, as errors and warnings. */
export async function lintPlan(context: JourneyContext, loaded: LoadedPlan): Promise<LintVerdict> {
  const { root } = context.workspace;
  const files = await filesOf(context, loaded);
  if (files.length === 0) return { summary: t('No step of this plan is a migration file.'), findings: [] };
  let linted: LintedFile[];
  try {
    linted = (await lintFiles(context, files, { serverMajor: loaded.plan.serverMajor })).files;
  } catch (error) {
    if (!isSwitchbackError(error) || error.code === 'cancelled') throw error;
    return { summary: t('Not linted: {0}', error.sentence), findings: [] };
  }
  const findings = linted.flatMap((file) =>
    file.findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ start, severity, rule, message }) => ({
        file: path.relative(root, file.path).split(path.sep).join('/'),
        line: start.line,
        severity,
        rule,
        message,
      })),
  );
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const summary =
    files.length === 1
      ? t(
          'Errors: {0}, warnings: {1}, in the one migration file of the plan.',
          count('error'),
          count('warning'),
        )
      : t(
          'Errors: {0}, warnings: {1}, in the {2} migration files of the plan.',
          count('error'),
          count('warning'),
          files.length,
        );
  return { summary, findings };
}

async function filesOf(context: JourneyContext, loaded: LoadedPlan): Promise<string[]> {
  const steps = stepsOf(loaded.plan).filter(({ kind }) => kind === 'migration' || kind === 'concurrent');
  const files = steps.map(({ id }) => {
    const release = loaded.releases.find(({ step }) => step === id);
    return release
      ? path.join(context.workspace.root, ...release.up.path.split('/'))
      : inPlanFolder(loaded.folder, heldFile(id, 'up'));
  });
  const there = await Promise.all(files.map((file) => context.files.exists(file)));
  return files.filter((_, index) => there[index]);
}
