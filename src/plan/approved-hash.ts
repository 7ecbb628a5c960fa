import { contentHash } from '../layouts/content-hash';
import type { Phase, Plan } from './plan';

/** A file of SQL the plan names: its path relative to the plan folder, with `/`, and its text. */
export interface NamedSql {
  path: string;
  text: string;
}

/**
 * What an approval stands for: the SHA-256, hex, of the canonical JSON of change and phases (with their steps
 * and gates) and of every SQL file named. State, evidence and prose are outside it.
 */
export function approvedHash(plan: Pick<Plan, 'change' | 'phases'>, files: readonly NamedSql[]): string {
  const sql = [...files]
    .sort((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0))
    .map((file) => ({ path: file.path, hash: contentHash(file.text) }));
  return contentHash(canonicalJson({ change: plan.change, phases: plan.phases.map(withoutNoSample), sql }));
}

/** A plan of before samples were kept has the hash it was approved under. */
function withoutNoSample(phase: Phase): object {
  const steps = phase.steps.map((step) =>
    step.kind === 'deploy' && step.sample === null ? { ...step, sample: undefined } : step,
  );
  return { ...phase, steps };
}

/** JSON with object keys in code unit order and no white space, so that equal data has equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
