import * as v from 'valibot';
import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { keptIndexBlockers, readIndexParts } from '../index-parts';
import { readIndexSurroundings } from '../partition-tree';
import type { Answers, ChangeType, Look } from './change-type';
import {
  constraintOf,
  dependentBlockers,
  identityBlockers,
  indexOfConstraint,
  inheritedConstraintBlockers,
} from './drop-constraint';
import { storedName } from './stored-name';

const timings = ['not', 'immediate', 'deferred'] as const;

const stored = v.object({
  kind: v.literal('set-deferrable'),
  table: storedName,
  constraint: v.string(),
  /** `not`: never later. `immediate`, `deferred`: when it is checked where a transaction does not say. */
  deferrable: v.picklist(timings),
});

/** A constraint that is checked at another moment. */
export type SetDeferrable = v.InferOutput<typeof stored>;

export const setDeferrable = {
  kind: 'set-deferrable',
  group: 'constraints',
  title: () => t('Set when a constraint is checked'),
  description: () =>
    t('At each statement or at the end of the transaction; a key gets another index, built beside it.'),
  stored,
  fields: () => [
    { id: 'constraint', asks: 'constraint', label: t('Constraint'), question: () => t('Which constraint?') },
    {
      id: 'deferrable',
      asks: 'text',
      label: t('Deferrable'),
      question: ({ constraint }) => t('When may {0} be checked?', constraint ?? ''),
      placeholder: 'deferred',
      hint: t(
        'One of {0}: at each statement; there unless a transaction says otherwise; at its end unless it says otherwise.',
        timings.join(', '),
      ),
    },
  ],
  usage: '--constraint C --deferrable not|immediate|deferred',
  read,
  answers: ({ constraint, deferrable }) => ({ constraint, deferrable }),
  planChoices: [],
  describe: ({ table, constraint, deferrable }) =>
    t(
      'Make {1} of {0} {2}',
      formatQualifiedName(table),
      formatIdentifier(constraint),
      deferralWords(deferrable),
    ),
  words: ({ constraint, deferrable }) => `${constraint} ${deferrable} deferrable`,
  columns: () => [],
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('Errors come at another moment, and code has to be ready for that; no row changes.'),
  }),
  rewritesRows: () => false,
  states: ({ constraint, deferrable }, table) => ({
    before: [
      t(
        '{0} is {1}.',
        formatIdentifier(constraint),
        deferralWords(timingOf(constraintOf(table, constraint))),
      ),
    ],
    after: [
      t('{0} is {1}.', formatIdentifier(constraint), deferralWords(deferrable)),
      t('It requires the same as before, and rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<SetDeferrable>;

/** When a constraint is checked now. */
export function timingOf({ deferrable, deferred }: ConstraintFacts): SetDeferrable['deferrable'] {
  if (!deferrable) return 'not';
  return deferred ? 'deferred' : 'immediate';
}

/** As SQL says it: `DEFERRABLE INITIALLY DEFERRED`. */
export function deferralWords(timing: SetDeferrable['deferrable']): string {
  return timing === 'not' ? 'NOT DEFERRABLE' : `DEFERRABLE INITIALLY ${timing.toUpperCase()}`;
}

function read(answers: Answers): SetDeferrable {
  const text = answers.text('deferrable').trim().toLowerCase();
  const deferrable = timings.find((each) => each === text);
  if (deferrable !== undefined) {
    return {
      kind: 'set-deferrable',
      table: answers.table(),
      constraint: answers.name('constraint'),
      deferrable,
    };
  }
  throw new SwitchbackError(
    'usage',
    t('Give --{0} one of {1}, not "{2}".', 'deferrable', timings.join(', '), text),
  );
}

async function look({ constraint, deferrable }: SetDeferrable, at: Look): Promise<ChangeFindings> {
  const inherited = await inheritedConstraintBlockers(at, constraint);
  const index = indexOfConstraint(at.table, constraint);
  if (index === null || inherited.length > 0) return { blockers: inherited };
  return {
    ...(await readIndexSurroundings(at)),
    indexParts: await readIndexParts(at, index.name),
    blockers: [
      ...(await dependentBlockers(at, constraint)),
      ...(await keptIndexBlockers(at, index.name)),
      // A key that may be broken for a moment identifies no row for subscribers.
      ...(index.primary && deferrable !== 'not' ? await identityBlockers(at) : []),
    ],
  };
}

/** https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-DEFERRABLE */
function check({ constraint, deferrable }: SetDeferrable, table: TableFacts): void {
  const found = constraintOf(table, constraint);
  const name = formatIdentifier(constraint);
  if (!['foreign-key', 'unique', 'primary-key', 'exclusion'].includes(found.kind)) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is checked with each row, and PostgreSQL knows no other moment for it. Choose a foreign key, a key or an exclusion.',
        name,
      ),
    );
  }
  if (timingOf(found) !== deferrable) return;
  throw new SwitchbackError(
    'already-done',
    t(
      '{0} of {1} is {2} already. There is nothing to do.',
      name,
      formatQualifiedName(table.name),
      deferralWords(deferrable),
    ),
  );
}
