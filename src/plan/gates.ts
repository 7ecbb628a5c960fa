import type { Environment } from '../database/connection';
import type { GateKind, Phase, Step } from './plan';

export interface GateFacts {
  environment: Environment;
  hasReplicas: boolean;
}

/** The phases with the gates each step has in this environment: few in development, all in production. */
export function withGates(phases: readonly Phase[], facts: GateFacts): Phase[] {
  const first = phases.flatMap((phase) => phase.steps)[0];
  return phases.map((phase) => ({
    ...phase,
    steps: phase.steps.map((step) => ({ ...step, gates: gatesOf(step, phase, step === first, facts) })),
  }));
}

function gatesOf(step: Step, phase: Phase, isFirst: boolean, facts: GateFacts): GateKind[] {
  const gates = new Set<GateKind>();
  if (phase.name === 'contract' && step.kind === 'migration') {
    for (const gate of contractGates(facts.environment)) gates.add(gate);
  }
  if (isFirst) for (const gate of openingGates(facts.environment)) gates.add(gate);
  for (const gate of workGates(step, facts)) gates.add(gate);
  return [...gates];
}

function openingGates(environment: Environment): GateKind[] {
  switch (environment) {
    case 'development':
      return [];
    case 'staging':
      return ['rehearsal'];
    case 'production':
      return ['backup', 'staging-run', 'rehearsal', 'approval'];
  }
}

function contractGates(environment: Environment): GateKind[] {
  switch (environment) {
    case 'development':
      return ['deployed'];
    case 'staging':
      return ['deployed', 'rehearsal'];
    case 'production':
      return ['deployed', 'soak', 'backup', 'rehearsal', 'approval'];
  }
}

function workGates(step: Step, facts: GateFacts): GateKind[] {
  if (facts.environment !== 'production') return [];
  switch (step.kind) {
    case 'migration':
      return ['long-transactions'];
    case 'concurrent':
      return ['disk', 'long-transactions'];
    case 'vacuum':
      return [];
    case 'backfill':
      return facts.hasReplicas ? ['disk', 'replica-lag'] : ['disk'];
    case 'deploy':
    case 'check':
    case 'wait':
      return [];
  }
}
