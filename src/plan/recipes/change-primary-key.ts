import { nullableColumns, refusedByKey } from '../../assess/changes/add-primary-key';
import { asNewKey, presentKey, type ChangePrimaryKey } from '../../assess/changes/change-primary-key';
import { columnList } from '../../assess/changes/constraint-fields';
import { constraintOf } from '../../assess/changes/drop-constraint';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { keepingPhase, keptCheck, type NewRule } from '../pieces/keeping-release';
import { exchangedKey, exchangeSteps } from '../pieces/key-exchange';
import { notNullProof } from '../pieces/not-null-proof';
import { proofCleanUp } from '../pieces/proof-clean-up';
import { recipePlan } from '../pieces/recipe-plan';
import { notDeferred } from '../pieces/stand-in-index';
import type { Recipe, RecipeContext } from '../recipe';

type Context = RecipeContext<ChangePrimaryKey>;

/** Puts another primary key in the place of the one that is there, without reading a row under a lock. */
export const changePrimaryKeyRecipe: Recipe<ChangePrimaryKey> = {
  id: 'change-primary-key',
  blockers: () => [],
  phases: (context) => {
    const { change, assessment } = context;
    const { table, server } = assessment;
    const rule = ruleOf(context);
    const proofs = nullableColumns(asNewKey(change), table).map((column) => ({
      column,
      ...notNullProof(table, column, server.major),
    }));
    const exchanges = exchangeSteps(exchangedKey(change, assessment));
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        keepingPhase(rule),
        {
          name: 'contract',
          goal: t('Every row is known by its new key.'),
          steps: [
            keptCheck(rule),
            ...proofs.flatMap(({ steps }) => steps),
            ...exchanges,
            ...proofs.flatMap(({ column, cleanUp }) => proofCleanUp(table, column, cleanUp)),
          ],
        },
      ],
      noReturn: noReturnOf(context, exchanges.at(-1)!.slug),
      notes: notesOf(context),
    });
  },
};

function ruleOf({ change, assessment: { table }, options }: Context): NewRule {
  const columns = columnList(change.columns);
  const old = columnList(presentKey(table).columns);
  const relation = formatQualifiedName(table.name);
  const writers = t(
    'Make sure that every writer gives each row of {0} a value of {1} that no other row has.',
    relation,
    columns,
  );
  const grouping = t(
    'Let no query group by {0} alone and show other columns: that takes the primary key. GROUP BY those, too.',
    old,
  );
  const merging = t(
    'Take ON CONFLICT ({0}) out of the application, and let it see to it itself that no two rows have the same {0} where that matters.',
    old,
  );
  return {
    table,
    rule: t('the primary key {0}', columns),
    instructions: [
      writers,
      grouping,
      ...(change.keepUnique ? [] : [merging]),
      ...(constraintOf(table, presentKey(table).name).deferrable ? [notDeferred(old)] : []),
      t('Release it to all instances.'),
    ].join(' '),
    query: refusedByKey(asNewKey(change), table)
      .map((query) => `SELECT FROM (${query}) AS one`)
      .join('\nUNION ALL\n'),
    options,
  };
}

/** Where the old key stays unique, or a part of it is the new one, it can always be put there again. */
function noReturnOf(
  { change, assessment: { table } }: Context,
  slug: string,
): { slug: string; why: string } | null {
  const old = presentKey(table).columns;
  if (change.keepUnique || change.columns.every((column) => old.includes(column))) return null;
  return {
    slug,
    why: t(
      'From here on two rows may get the same {0}; where they do, it cannot be the primary key again. With --keep-unique it can.',
      columnList(old),
    ),
  };
}

function notesOf({ change, assessment: { table } }: Context): string[] {
  const identity =
    table.replicaIdentity === 'default'
      ? [
          t(
            'The replica identity follows the primary key: what decodes the log of changes gets {0} as the old key.',
            columnList(change.columns),
          ),
        ]
      : [];
  return [
    ...identity,
    t('The columns of the old key stay NOT NULL; drop-not-null changes that.'),
    t(
      'What maps rows to objects knows a table by its key: change it there with the release, and do not write the new key afterwards.',
    ),
  ];
}
