import type { Assessment } from '../../assess/assessment';
import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import type { RecipePlan } from '../recipe';

/**
 * Why a plan cannot make what it makes in the table's schema: an owner of a table without CREATE on its schema may alter
 * it and make nothing beside it, not even an index. null where the user may, or the plan makes nothing there.
 */
export function madeInSchemaBlocker({ table, mayCreate }: Assessment, plan: RecipePlan): string | null {
  if (mayCreate !== false) return null;
  const schema = formatIdentifier(table.name.schema);
  const makes = plan.phases
    .flatMap(({ steps }) => steps)
    .some(
      (step) =>
        (step.kind === 'migration' || step.kind === 'concurrent') &&
        step.forward
          // Of an index the table, which says where it is, is on the next line.
          .replaceAll('\n  ON ', ' ON ')
          .split('\n')
          .some((line) => line.includes(` ${schema}.`) && /^CREATE (?!TRIGGER)(?!PUBLICATION)/.test(line)),
    );
  if (!makes) return null;
  return t(
    'The plan makes tables, functions or indexes in the schema {0}, where the user may not create anything. Ask for CREATE on it (GRANT CREATE ON SCHEMA), or connect as another user.',
    schema,
  );
}
