/** How a type of migration is usually carried out: phases of steps without SQL. One type, one file. */
export interface Skeleton {
  phases: SkeletonPhase[];
  /** Days of each row of the timeline; `cleanUp` counts the waiting. */
  days: {
    planning: number;
    development: number;
    testing: number;
    canary: number;
    fullRollout: number;
    cleanUp: number;
  };
  /** Days between the switch and the removal of the old; 0 where nothing old goes. */
  deprecationDays: number;
  /** The step from which on going back loses data, and why; `step` is null where nothing old goes. */
  noReturn: { step: string | null; why: string };
  strategy: 'incremental' | 'strangler-fig';
  strategyWhy: string;
}

export interface SkeletonPhase {
  name: 'expand' | 'migrate' | 'contract';
  goal: string;
  steps: SkeletonStep[];
}

export interface SkeletonStep {
  /** `NN-word`, unique in the skeleton. */
  id: string;
  kind: 'database' | 'release' | 'check' | 'wait';
  title: string;
  action: string;
  /** A sentence. */
  rollback: string;
  verification: string;
}
