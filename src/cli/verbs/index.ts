import type { Verb } from '../verb';
import { abandonVerb } from './abandon';
import { adoptVerb } from './adopt';
import { applyVerb } from './apply';
import { assessVerb } from './assess';
import { backfillVerb } from './backfill';
import { diffVerb } from './diff';
import { documentsVerb } from './documents';
import { driftVerb } from './drift';
import { dryRunVerb } from './dry-run';
import { exportVerb } from './export';
import { generateRollbackVerb } from './generate-rollback';
import { lintVerb } from './lint';
import { planVerb } from './plan';
import { rehearseVerb } from './rehearse';
import { replanVerb } from './replan';
import { repairVerb } from './repair';
import { renumberVerb } from './renumber';
import { rollbackVerb } from './rollback';
import { scaffoldVerb } from './scaffold';
import { squashVerb } from './squash';
import { statusVerb } from './status';
import { verifyVerb } from './verify';

/** The verbs of the command line, in the order of the journey. */
export const verbs: readonly Verb[] = [
  assessVerb,
  planVerb,
  scaffoldVerb,
  documentsVerb,
  exportVerb,
  statusVerb,
  driftVerb,
  diffVerb,
  renumberVerb,
  squashVerb,
  lintVerb,
  dryRunVerb,
  applyVerb,
  rollbackVerb,
  adoptVerb,
  replanVerb,
  abandonVerb,
  repairVerb,
  backfillVerb,
  rehearseVerb,
  generateRollbackVerb,
  verifyVerb,
];
