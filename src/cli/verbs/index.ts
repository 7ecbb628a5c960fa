import type { Verb } from '../verb';
import { applyVerb } from './apply';
import { assessVerb } from './assess';
import { backfillVerb } from './backfill';
import { driftVerb } from './drift';
import { dryRunVerb } from './dry-run';
import { lintVerb } from './lint';
import { planVerb } from './plan';
import { rehearseVerb } from './rehearse';
import { repairVerb } from './repair';
import { renumberVerb } from './renumber';
import { rollbackVerb } from './rollback';
import { scaffoldVerb } from './scaffold';
import { statusVerb } from './status';
import { verifyVerb } from './verify';

/** The verbs of the command line, in the order of the journey. */
export const verbs: readonly Verb[] = [
  assessVerb,
  planVerb,
  scaffoldVerb,
  statusVerb,
  driftVerb,
  renumberVerb,
  lintVerb,
  dryRunVerb,
  applyVerb,
  rollbackVerb,
  repairVerb,
  backfillVerb,
  rehearseVerb,
  verifyVerb,
];
