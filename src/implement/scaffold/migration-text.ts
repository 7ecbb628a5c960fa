import { irreversibleMarker } from '../../layouts/markers';
import { t } from '../../messages/translate';
import type { Plan, SqlStep, Step } from '../../plan/plan';
import type { Files } from '../../ports/files';
import { quoteLiteral } from '../../sql/identifier';
import { splitStatements } from '../../sql/split';
import { renderTemplate } from '../../templates/engine';
import { sqlComment } from '../../templates/sql-comment';

/** Where templates lie. `override` is null in an untrusted workspace. */
export interface TemplateFolders {
  shipped: string;
  override: string | null;
}

/** A step that becomes a migration file of the team's layout. */
export type FileStep = SqlStep & { kind: 'migration' | 'concurrent' };

export function isFileStep(step: Step): step is FileStep {
  return step.kind === 'migration' || step.kind === 'concurrent';
}

export interface MigrationText {
  up: string;
  down: string;
}

/** The up and down file of one step, without the layout's own markers. */
export async function migrationText(
  plan: Pick<Plan, 'id' | 'title' | 'options'>,
  step: FileStep,
  files: Files,
  templates: TemplateFolders,
): Promise<MigrationText> {
  const lockTimeout = step.kind === 'migration' ? `${plan.options.lockTimeoutMilliseconds}ms` : null;
  const origin = t('Step {0} of the plan {1}: {2}', step.id, plan.id, plan.title);
  const render = (name: string, context: object): Promise<string> =>
    renderTemplate({
      name,
      context,
      shippedFolder: templates.shipped,
      overrideFolder: templates.override,
      files,
    });
  const { rollback } = step;
  const down = {
    title: t('Takes back: {0}', step.title),
    origin,
    lockTimeout: rollback.kind === 'sql' ? lockTimeout : null,
    irreversible: rollback.kind === 'no-return' ? `${irreversibleMarker} ${oneLine(rollback.why)}` : null,
    sql: downSql(step),
  };
  return {
    up: await render('migration-up.sql.hbs', {
      title: step.title,
      action: step.action,
      origin,
      lockTimeout,
      sql: step.forward.trimEnd(),
    }),
    down: await render('migration-down.sql.hbs', down),
  };
}

/** A down that cannot bring anything back fails aloud: a tool must not record it as a rollback. */
function downSql({ rollback, id, forward }: FileStep): string {
  switch (rollback.kind) {
    case 'sql':
      return rollback.sql.trimEnd();
    case 'nothing':
      return changesSchema(forward)
        ? `-- switchback:ignore-file empty-down ${oneLine(rollback.why)}`
        : sqlComment(rollback.why);
    case 'no-return': {
      const message = t('Step {0} cannot be taken back: {1}', id, oneLine(rollback.why));
      return `do ${quoteLiteral(`begin raise exception using message = ${quoteLiteral(message)}; end`)};`;
    }
  }
}

/** Whether the lint asks of the file that its way back does something: not of a block, which may do anything. */
function changesSchema(sql: string): boolean {
  return splitStatements(sql).some(
    ({ start, end }) =>
      !/^(?:\s|--[^\n]*\n)*(?:do|comment|select|set|insert|update|delete)\b/i.test(sql.slice(start, end)),
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
