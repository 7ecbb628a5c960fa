import { gravestKind, type Difference } from '../catalog/compare';
import { verdicts, type MigrationRehearsal, type Verdict } from './rehearsal';
import type { ScriptOutcome } from './run-script';

/** What was seen of one migration. */
export interface RehearsalFacts {
  up: ScriptOutcome;
  /** null: not run. */
  down: ScriptOutcome | null;
  /** null: not run. */
  reUp: ScriptOutcome | null;
  hasDown: boolean;
  downIsEmpty: boolean;
  /** The up changed the catalog or the data. */
  upChanges: boolean;
  declaredIrreversible: boolean;
  /** Before the up, against after the down. */
  differences: Difference[];
  /** After the first up, against after the second. */
  reUpDifferences: Difference[];
}

/** The first verdict of CONTRACTS' order that applies. */
export function verdictOf(facts: RehearsalFacts): Verdict {
  return verdicts.find((verdict) => applies(verdict, facts))!;
}

function applies(verdict: Verdict, facts: RehearsalFacts): boolean {
  const { up, down, reUp, differences, reUpDifferences } = facts;
  const kind = gravestKind(differences);
  switch (verdict) {
    case 'up-fails':
      return up.kind === 'error';
    case 'times-out':
      return [up, down, reUp].some((outcome) => outcome?.kind === 'timed-out');
    case 'leaves-transaction-open':
      return [up, down, reUp].some((outcome) => outcome?.kind === 'open');
    case 'no-down':
      return !facts.hasDown;
    case 'empty-down':
      return facts.downIsEmpty && facts.upChanges && !facts.declaredIrreversible;
    case 'down-fails':
      return down?.kind === 'error';
    case 'irreversible':
      return facts.declaredIrreversible;
    case 'differs':
      return kind === 'structure';
    case 're-up-fails':
      return reUp?.kind === 'error';
    case 're-up-differs':
      return gravestKind(reUpDifferences) === 'structure';
    case 'text-only':
      return kind === 'text';
    case 'order-only':
      return kind === 'order';
    case 'exact':
      return true;
  }
}

/** `ok`, `error`, `differs` or `none`, as the JSON words the second up. */
export function reUpOf(facts: RehearsalFacts): MigrationRehearsal['reUp'] {
  if (facts.reUp === null) return 'none';
  if (facts.reUp.kind !== 'ok') return 'error';
  return gravestKind(facts.reUpDifferences) === 'structure' ? 'differs' : 'ok';
}

/** The message of what failed first; null when nothing did. */
export function firstError(facts: RehearsalFacts): string | null {
  for (const outcome of [facts.up, facts.down, facts.reUp]) {
    if (outcome && outcome.kind !== 'ok') return outcome.error;
  }
  return null;
}

/** Where that began; undefined where nothing failed or it cannot be told. */
export function firstFailure(facts: RehearsalFacts): MigrationRehearsal['failedAt'] {
  const scripts = [
    ['up', facts.up],
    ['down', facts.down],
    ['up', facts.reUp],
  ] as const;
  const failed = scripts.find(([, outcome]) => outcome && outcome.kind !== 'ok');
  if (!failed) return undefined;
  const [direction, outcome] = failed;
  return outcome?.kind === 'error' && outcome.at !== undefined
    ? { direction, offset: outcome.at }
    : undefined;
}
