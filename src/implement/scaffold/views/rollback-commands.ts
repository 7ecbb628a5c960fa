import type { Assessment } from '../../../assess/assessment';
import type { PhaseName, Plan } from '../../../plan/plan';
import { shellText } from '../../../templates/shell-text';

/** Where the commands of a runbook are run: a plan's folder, and the database they are for. */
export interface CommandPlace {
  /** The plan's folder, relative to the workspace, with `/`. */
  folder: string;
  /** The environment, as `env/NAME.env` is called. */
  environment: string;
  /** The database's name where the commands ask for it: on production. */
  confirm: string | null;
}

export function commandPlace(
  plan: Pick<Plan, 'id'>,
  assessment: Assessment,
  plansFolder: string,
): CommandPlace {
  const { environment, name } = assessment.database;
  return {
    folder: `${plansFolder}/${plan.id}`,
    environment,
    confirm: environment === 'production' ? name : null,
  };
}

/** Goes back with Switchback's own command line. */
export function rollbackCommand({ folder, confirm }: CommandPlace): string {
  return `switchback rollback ${word(folder)} --database-url env:DATABASE_URL${confirmation(confirm)}`;
}

/** Goes back with bash and psql, in the plan's folder: first shown, then done. */
export function rollbackScript(place: CommandPlace, target: { phase: PhaseName } | null): string[] {
  const which = target === null ? '' : ` --phase ${target.phase}`;
  const line = `scripts/migrate-rollback.sh --env ${word(place.environment)}${which}`;
  return [`${line} --dry-run`, `${line}${confirmation(place.confirm)}`];
}

/** Runs the proofs with bash and psql, in the plan's folder; of one step, or of all. */
export function verifyScript(place: CommandPlace, step: string | null): string {
  const which = step === null ? '' : ` --step ${word(step)}`;
  return `scripts/migrate-verify.sh --env ${word(place.environment)}${which}`;
}

/** `cd` to the plan's folder. */
export function enterFolder({ folder }: CommandPlace): string {
  return `cd ${word(folder)}`;
}

function confirmation(name: string | null): string {
  return name === null ? '' : ` --confirm-database ${word(name)}`;
}

/** Quoted only where the shell would read it otherwise. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : shellText(text);
}
