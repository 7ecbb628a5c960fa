import { stepFile } from '../../documents/plan-folder';
import { withLineFeeds } from '../../documents/line-ends';
import { contentHash } from '../../layouts/content-hash';
import type { NamedSql } from '../../plan/approved-hash';
import { stepsOf, type Phase, type Plan, type Rollback, type Step, type Verification } from '../../plan/plan';
import type { StoredPlan, StoredStep } from './plan-file-schema';

type StoredRollback = Extract<StoredStep, { kind: 'backfill' }>['rollback'];
interface SqlReference {
  file: string;
  sha256: string;
}

/** Every text of SQL that a plan executes, as a file of its folder. */
export function sqlFilesOf(plan: Pick<Plan, 'phases'>): NamedSql[] {
  return stepsOf(plan).flatMap((step) => {
    const files: NamedSql[] = [];
    const add = (path: string, sql: string): void => void files.push({ path, text: fileText(sql) });
    if ('forward' in step) add(stepFile(step.id, 'forward'), step.forward);
    if ('rollback' in step && step.rollback.kind === 'sql')
      add(stepFile(step.id, 'rollback'), step.rollback.sql);
    if (step.verification) add(stepFile(step.id, 'verify'), step.verification.sql);
    if (step.kind === 'check')
      for (const check of step.checks) add(stepFile(step.id, 'verify', check.id), check.sql);
    return files;
  });
}

/** Steps as the front matter has them: SQL replaced by the file's name and SHA-256. */
export function storePhases(phases: readonly Phase[]): StoredPlan['phases'] {
  return phases.map((phase) => ({ ...phase, steps: phase.steps.map((step) => idFirst(storeStep(step))) }));
}

/** People look for a step by its id. */
function idFirst(step: StoredStep): StoredStep {
  const { id, title, kind, ...rest } = step;
  return { id, title, kind, ...rest } as StoredStep;
}

function storeStep(step: Step): StoredStep {
  const { verification: proof, ...rest } = step;
  const verification = proof
    ? { ...reference(stepFile(step.id, 'verify'), proof.sql), expectation: proof.expectation }
    : null;
  switch (step.kind) {
    case 'migration':
    case 'concurrent':
    case 'vacuum':
      return {
        ...rest,
        kind: step.kind,
        verification,
        forward: reference(stepFile(step.id, 'forward'), step.forward),
        rollback: storeRollback(step.id, step.rollback),
      };
    case 'backfill':
      return { ...step, verification, rollback: storeRollback(step.id, step.rollback) };
    case 'check':
      return {
        ...step,
        verification,
        checks: step.checks.map(({ id, title, sql }) => ({
          id,
          title,
          ...reference(stepFile(step.id, 'verify', id), sql),
        })),
      };
    case 'deploy':
    case 'wait':
      return { ...step, verification };
  }
}

function storeRollback(stepId: string, rollback: Rollback): StoredRollback {
  return rollback.kind === 'sql'
    ? { kind: 'sql', ...reference(stepFile(stepId, 'rollback'), rollback.sql) }
    : rollback;
}

function reference(file: string, sql: string): SqlReference {
  return { file, sha256: contentHash(fileText(sql)) };
}

/** SQL as a file: LF, ending with a line break. */
function fileText(sql: string): string {
  const text = withLineFeeds(sql);
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** The plan as it would be read back from its folder: the same hash before it is written and after. */
export async function normalizedPlan(plan: Plan): Promise<Plan> {
  const texts = new Map(sqlFilesOf(plan).map((file) => [file.path, file.text]));
  return {
    ...plan,
    phases: await loadPhases(storePhases(plan.phases), async ({ file }) => texts.get(file)!),
  };
}

/** Gives the text of a file the front matter names, and notes when it is no longer the recorded one. */
export type ReadSql = (reference: SqlReference) => Promise<string>;

/** Steps with their SQL read back. */
export async function loadPhases(stored: StoredPlan['phases'], readSql: ReadSql): Promise<Phase[]> {
  const phases: Phase[] = [];
  for (const phase of stored) {
    const steps: Step[] = [];
    for (const step of phase.steps) steps.push(await loadStep(step, readSql));
    phases.push({ ...phase, steps });
  }
  return phases;
}

async function loadStep(step: StoredStep, readSql: ReadSql): Promise<Step> {
  const verification = step.verification ? await loadVerification(step.verification, readSql) : null;
  switch (step.kind) {
    case 'migration':
    case 'concurrent':
    case 'vacuum':
      return {
        ...step,
        verification,
        forward: await readSql(step.forward),
        rollback: await loadRollback(step.rollback, readSql),
      };
    case 'backfill':
      return { ...step, verification, rollback: await loadRollback(step.rollback, readSql) };
    case 'check': {
      const checks = [];
      for (const { id, title, ...file } of step.checks)
        checks.push({ id, title, sql: (await readSql(file)).trimEnd() });
      return { ...step, verification, checks };
    }
    case 'deploy':
    case 'wait':
      return { ...step, verification };
  }
}

async function loadVerification(
  stored: SqlReference & { expectation: string },
  readSql: ReadSql,
): Promise<Verification> {
  return { sql: (await readSql(stored)).trimEnd(), expectation: stored.expectation };
}

async function loadRollback(stored: StoredRollback, readSql: ReadSql): Promise<Rollback> {
  return stored.kind === 'sql' ? { kind: 'sql', sql: await readSql(stored) } : stored;
}
