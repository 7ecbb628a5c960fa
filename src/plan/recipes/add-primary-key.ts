import { nullableColumns, refusedByKey, type AddPrimaryKey } from '../../assess/changes/add-primary-key';
import { columnList } from '../../assess/changes/constraint-fields';
import { t } from '../../messages/translate';
import { indexedTable } from '../pieces/concurrent-index';
import { keepingPhase, keptCheck, type NewRule } from '../pieces/keeping-release';
import { keySteps } from '../pieces/key-constraint';
import { notNullProof } from '../pieces/not-null-proof';
import { proofCleanUp } from '../pieces/proof-clean-up';
import { recipePlan } from '../pieces/recipe-plan';
import { serverName } from '../pieces/server-name';
import type { Recipe } from '../recipe';

/**
 * Adds a primary key: each column is proved to have values, the index is built, and the constraint takes both without
 * reading a row under its lock.
 */
export const addPrimaryKeyRecipe: Recipe<AddPrimaryKey> = {
  id: 'add-primary-key',
  blockers: () => [],
  phases: ({ change, assessment, options }) => {
    const { table, server } = assessment;
    const on = indexedTable(assessment);
    const name = change.name ?? serverName(change.table.name, null, 'pkey', on.taken);
    const columns = columnList(change.columns);
    const rule: NewRule = {
      table,
      rule: t('the primary key {0}', name),
      instructions: t(
        'Make sure that every writer gives each row of {0} a value of {1} that no other row has, and release it to all instances.',
        change.table.name,
        columns,
      ),
      query: refusedByKey(change, table)
        .map((query) => `SELECT FROM (${query}) AS one`)
        .join('\nUNION ALL\n'),
      options,
    };
    const proofs = nullableColumns(change, table).map((column) => ({
      column,
      ...notNullProof(table, column, server.major),
    }));
    const key = keySteps(on, {
      name,
      words: 'PRIMARY KEY',
      columns,
      addition: null,
      label: 'pkey',
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        keepingPhase(rule),
        {
          name: 'contract',
          goal: t('Every row is known by its key.'),
          steps: [
            keptCheck(rule),
            ...proofs.flatMap(({ steps }) => steps),
            ...key,
            ...proofs.flatMap(({ column, cleanUp }) => proofCleanUp(table, column, cleanUp)),
          ],
        },
      ],
      noReturn: null,
    });
  },
};
